package io.userstore.command.user;

import java.time.Instant;

/**
 * A code as it is known after it was handed out: only whoever has the code can show that it has this hash.
 *
 * @param hash SHA-256 of the code, 64 hexadecimal digits
 * @param expiresAt the first instant at which it is no good any more, in milliseconds
 */
public record IssuedCode(String hash, Instant expiresAt) {
    /** Whether a code with that hash can be used at that time. */
    boolean accepts(String thatHash, Instant now) {
        return hash.equals(thatHash) && now.isBefore(expiresAt);
    }
}
