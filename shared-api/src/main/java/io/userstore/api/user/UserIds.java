package io.userstore.api.user;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Optional;
import java.util.UUID;

/**
 * User ids: UUIDs of version 7, which grow with time and so keep index pages together.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7">RFC 9562, 5.7</a>
 */
public final class UserIds {
    private static final int LENGTH = 36;

    private UserIds() {}

    /** A new id, greater than those before it from this JVM, even within one millisecond or after a clock jump. */
    public static UUID next() {
        return UuidCreator.getTimeOrderedEpochPlus1();
    }

    /** The id in its canonical form of 36 characters, any case; empty for anything else. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            // No UUID, so no user has it.
            return Optional.empty();
        }
    }
}
