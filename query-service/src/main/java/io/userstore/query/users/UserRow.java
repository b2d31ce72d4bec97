package io.userstore.query.users;

import io.userstore.api.user.UserResource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A document as a read needs it: the user as answered, and the values that lists are ordered by.
 *
 * @param usernameKey empty when the user has no user name; likewise {@code emailKey}
 */
record UserRow(UserResource user, long cursor, String usernameKey, String emailKey) {

    Instant lastSignin() {
        @Nullable Instant last = user.lastSignin();
        return last == null ? Instant.EPOCH : last;
    }
}
