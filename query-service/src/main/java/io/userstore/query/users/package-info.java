/**
 * The users as they are now: the projection that keeps one document per user, and the reads of it.
 * Touches {@code projection} and {@code mongo}.
 */
@NullMarked
package io.userstore.query.users;

import org.jspecify.annotations.NullMarked;
