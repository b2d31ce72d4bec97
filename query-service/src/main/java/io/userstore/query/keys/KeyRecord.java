package io.userstore.query.keys;

import org.jspecify.annotations.Nullable;

/**
 * What the log of keys says of one user.
 *
 * @param wrapped the key as a JWE, or null when the user is gone and the key with it
 */
public record KeyRecord(String userId, @Nullable String wrapped, int partition, long offset) {}
