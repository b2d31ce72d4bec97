package io.userstore.command.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.seal.Sealing;
import io.userstore.command.seal.StoreKey;
import io.userstore.command.user.Change;
import io.userstore.command.user.ProviderLink;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The access tokens of OAuth providers: sealed before anything stores them, opened for an answer. Thread-safe. */
final class ProviderTokens {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderTokens.class);
    private static final String PURPOSE = "userstore/auth-provider-token";

    private final Sealing sealing;
    private final Counter unopened;

    ProviderTokens(StoreKey key, MeterRegistry metrics) {
        this.sealing = new Sealing(key, PURPOSE);
        this.unopened = Counter.builder("userstore.access-tokens.unopened")
                .description("Access tokens left out of answers, because they cannot be opened")
                .register(metrics);
    }

    /**
     * Seals a token for one link of one user.
     */
    Change<String> seal(Change<String> token, String userId, String provider) {
        return token instanceof Change.Put<String>(String plain)
                ? Change.to(sealing.seal(plain, context(userId, provider)))
                : token;
    }

    /** The token of a link; null when there is none, or when it cannot be opened, which is logged and counted. */
    @Nullable
    String open(ProviderLink link, String userId, String provider) {
        String sealed = link.sealedToken();
        if (sealed == null) {
            return null;
        }
        Optional<String> token = sealing.open(sealed, context(userId, provider));
        if (token.isEmpty()) {
            // Signing in must not end with it: what the user is who came in does not depend on the token.
            unopened.increment();
            LOG.error("an access token is left out of an answer: it cannot be opened");
        }
        return token.orElse(null);
    }

    private static String context(String userId, String provider) {
        return userId + "/" + provider;
    }
}
