package io.userstore.api.seal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The master key, and while it is being replaced the one before, or the one to come: whatever is wrapped anew is wrapped with
 * the first, and what is wrapped with either can be unwrapped. Immutable and thread-safe.
 *
 * @param current wraps from now on
 * @param other may be what something is wrapped with, or null when nothing can be
 */
public record MasterKeys(MasterKey current, @Nullable MasterKey other) {

    /** Wraps a user's key for storage, and for those who may read what is published. */
    public String wrap(UserKey key) {
        return current.wrap(key.userId(), key.bytes());
    }

    /** The user's key, or empty when it was wrapped with neither master key, or is another user's. */
    public Optional<UserKey> unwrap(String userId, String wrapped) {
        return unwrapped(userId, wrapped).map(bytes -> new UserKey(userId, bytes));
    }

    /**
     * Wraps another secret of 32 bytes.
     *
     * @param name what it is; asked for again to unwrap it
     */
    public String wrap(String name, byte[] secret) {
        return current.wrap(name, secret);
    }

    /** The secret of that name, or empty when it was wrapped with neither master key, or is another. */
    public Optional<byte[]> unwrapped(String name, String wrapped) {
        return current.unwrap(name, wrapped)
                .or(() -> Optional.ofNullable(other).flatMap(second -> second.unwrap(name, wrapped)));
    }

    /** Seals a text that a client carries and brings back, without being able to read or to make one; a JWE. */
    public String sealOwn(String text) {
        return current.own().seal(text);
    }

    /** The text that {@link #sealOwn} has sealed, or empty for anything else. */
    public Optional<String> openOwn(String sealed) {
        return current.own()
                .open(sealed)
                .or(() -> Optional.ofNullable(other)
                        .flatMap(second -> second.own().open(sealed)));
    }

    @Override
    public String toString() {
        return "***";
    }
}
