package io.userstore.client;

import org.jspecify.annotations.Nullable;

/**
 * A linked OAuth identity.
 *
 * @param provider for example {@code google}; of {@code [a-z0-9_-]}, at most 32
 * @param accessToken null when there is none, or the key may not see it; never shown by {@link #toString()}
 * @param accessTokenExpiry seconds since 1970, null for never
 * @param accessTokenExpired by the server's clock; null in what is sent
 */
public record AuthProvider(
        String provider,
        String clientId,
        @Nullable String accessToken,
        @Nullable Long accessTokenExpiry,
        @Nullable Boolean accessTokenExpired) {

    /** An identity without an access token, to be sent. */
    public static AuthProvider of(String provider, String clientId) {
        return new AuthProvider(provider, clientId, null, null, null);
    }

    /** @param expiry seconds since 1970, null for never */
    public AuthProvider withAccessToken(String token, @Nullable Long expiry) {
        return new AuthProvider(provider, clientId, token, expiry, null);
    }

    @Override
    public String toString() {
        return "AuthProvider[" + provider + ", ***]";
    }
}
