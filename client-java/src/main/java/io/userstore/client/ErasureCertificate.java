package io.userstore.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a user was erased, in a form that can be checked with the public key alone.
 *
 * @param keyId by whose key; null where nobody asked from outside, and so {@code requestId}
 * @param eventId the id of the event {@code user.deleted}
 * @param position its place in the whole history
 * @param hash SHA-256, hexadecimal, of the event's value as it is published
 * @param signature a JWS in compact form over the other fields; null when the service has no signing key
 * @param publicKey PEM, with which it is checked; null likewise
 */
public record ErasureCertificate(
        String userId,
        String application,
        Instant erasedAt,
        @Nullable String keyId,
        @Nullable String requestId,
        String eventId,
        long position,
        String hash,
        @Nullable String signature,
        @Nullable String publicKey) {}
