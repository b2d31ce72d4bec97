package io.userstore.query.keys;

import io.userstore.api.seal.UserKey;
import java.util.Optional;

/** What opens what is personal in a user's events. Thread-safe. */
@FunctionalInterface
public interface UserKeys {
    /** The user's key, or empty when there is none: it has not come yet, or the user has been deleted. */
    Optional<UserKey> of(String userId);
}
