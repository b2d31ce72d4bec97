/**
 * The commands that talk to a running user store over its REST API.
 * Touches nothing of the services: what it knows is what any client knows.
 */
@NullMarked
package io.userstore.cli;

import org.jspecify.annotations.NullMarked;
