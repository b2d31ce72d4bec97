/**
 * A typed client of the REST API. Start at {@link io.userstore.client.UserStoreClient}.
 * Touches the user object, the error shape and the JSON conventions of {@code shared-api}, and no framework.
 */
@NullMarked
package io.userstore.client;

import org.jspecify.annotations.NullMarked;
