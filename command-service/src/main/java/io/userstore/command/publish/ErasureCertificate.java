package io.userstore.command.publish;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says, and proves to whoever has the public key, that a user was erased.
 *
 * @param statement what is certified
 * @param signature the statement's JSON as a JWS in compact form (RFC 7515), {@code EdDSA}; null when the service has no
 *     signing key
 * @param publicKey checks it: PEM; null likewise
 */
public record ErasureCertificate(
        @JsonUnwrapped Statement statement,
        @Nullable String signature,
        @Nullable String publicKey) {

    /**
     * What is certified.
     *
     * @param erasedAt when the user's key was destroyed, UTC, milliseconds
     * @param keyId by whose key of the API; null where nobody asked from outside, and so {@code requestId}
     * @param eventId the id of the event {@code user.deleted}
     * @param position its place in the whole history
     * @param hash SHA-256, hexadecimal, of the event's value as it is published
     */
    public record Statement(
            String userId,
            String application,
            Instant erasedAt,
            @Nullable String keyId,
            @Nullable String requestId,
            String eventId,
            long position,
            String hash) {}
}
