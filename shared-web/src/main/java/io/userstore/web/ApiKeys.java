package io.userstore.web;

import java.util.Optional;
import java.util.Set;

/** The keys that are known. Implementations are thread-safe and fast: asked once per request. */
public interface ApiKeys {

    /** A key that is known; {@code id} names it without being it. */
    record Grant(String application, String id, Set<Permission> permissions) {
        public Grant {
            permissions = Set.copyOf(permissions);
        }
    }

    /** What a secret key grants, or empty when it is not known. Takes the same time for any wrong key. */
    Optional<Grant> find(String secretKey);

    /** Whether a key that is not found is not valid; false while keys are still being read. */
    default boolean isComplete() {
        return true;
    }
}
