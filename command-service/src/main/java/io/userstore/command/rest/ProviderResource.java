package io.userstore.command.rest;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.userstore.api.user.UserResource;
import io.userstore.command.user.ProviderLink;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth identity as it is answered; what has no value is left out.
 *
 * @param accessToken null also where the key may not see it
 * @param accessTokenExpiry in seconds since 1970, or null for never
 * @param accessTokenExpired by this machine's clock
 */
@JsonPropertyOrder({"provider", "client_id", "access_token", "access_token_expiry", "access_token_expired"})
record ProviderResource(
        String provider,
        String clientId,
        @Nullable String accessToken,
        @Nullable Long accessTokenExpiry,
        boolean accessTokenExpired) {

    static ProviderResource of(String provider, ProviderLink link, @Nullable String accessToken, Instant now) {
        Long expiry = link.tokenExpiry();
        return new ProviderResource(
                provider, link.clientId(), accessToken, expiry, expiry != null && expiry <= now.getEpochSecond());
    }

    @Override
    public String toString() {
        return "***";
    }

    /** The user object with the identity that the user came in by. */
    record SignedIn(@JsonUnwrapped UserResource user, ProviderResource oauth) {}
}
