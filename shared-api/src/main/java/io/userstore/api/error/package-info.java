/**
 * What can be wrong with a request, and the shape in which clients are told.
 * Touches nothing but {@code json}.
 */
@NullMarked
package io.userstore.api.error;

import org.jspecify.annotations.NullMarked;
