/**
 * The one-command default: starts the embedded servers, then both services over them, on one port.
 * Holds no logic of the user store; whatever it starts can be replaced by setting the server's address.
 */
@NullMarked
package io.userstore.standalone;

import org.jspecify.annotations.NullMarked;
