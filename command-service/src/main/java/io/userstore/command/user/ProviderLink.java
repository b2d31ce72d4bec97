package io.userstore.command.user;

import org.jspecify.annotations.Nullable;

/**
 * What a user has at one OAuth provider. Immutable; prints nothing of it.
 *
 * @param clientId who the user is there, exactly as it was given; unique per provider within the application
 * @param sealedToken the access token as {@code io.userstore.command.seal} has sealed it, or null for none
 * @param tokenExpiry when the token expires, in seconds since 1970, or null for never
 */
public record ProviderLink(
        String clientId,
        @Nullable String sealedToken,
        @Nullable Long tokenExpiry) {
    @Override
    public String toString() {
        return "***";
    }
}
