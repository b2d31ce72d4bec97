/**
 * The values that a user is made of, parsed once at the border, and the user object of the REST API.
 * Touches {@code error} and {@code json}.
 */
@NullMarked
package io.userstore.api.user;

import org.jspecify.annotations.NullMarked;
