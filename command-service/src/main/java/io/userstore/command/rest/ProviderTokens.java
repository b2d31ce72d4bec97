package io.userstore.command.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.FieldFault;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.command.seal.MasterKey;
import io.userstore.command.seal.Sealing;
import io.userstore.command.user.Change;
import io.userstore.command.user.ProviderLink;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The access tokens of OAuth providers: sealed before anything stores them, opened for an answer. Thread-safe. */
final class ProviderTokens {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderTokens.class);
    private static final String PURPOSE = "userstore/auth-provider-token";

    private final @Nullable Sealing sealing;
    private final Counter unopened;

    /** @param master without it, tokens are refused, and those that are stored are left out of answers */
    ProviderTokens(Optional<MasterKey> master, MeterRegistry metrics) {
        this.sealing = master.map(key -> new Sealing(key, PURPOSE)).orElse(null);
        this.unopened = Counter.builder("userstore.access-tokens.unopened")
                .description("Access tokens left out of answers, because this master key does not open them")
                .register(metrics);
    }

    /**
     * Seals a token for one link of one user.
     *
     * @param field the token's name in the request
     * @throws ApiException a fault in that field, when the service has no master key
     */
    Change<String> seal(Change<String> token, String userId, String provider, String field) {
        if (!(token instanceof Change.Put<String>(String plain))) {
            return token;
        }
        if (sealing == null) {
            throw ApiException.validation(List.of(new FieldFault(
                    field,
                    Kind.INVALID,
                    "no access tokens are taken: the service has no master key to seal them with")));
        }
        return Change.to(sealing.seal(plain, context(userId, provider)));
    }

    /** The token of a link; null when there is none, or when it cannot be opened, which is logged and counted. */
    @Nullable
    String open(ProviderLink link, String userId, String provider) {
        String sealed = link.sealedToken();
        if (sealed == null) {
            return null;
        }
        Optional<String> token = sealing == null ? Optional.empty() : sealing.open(sealed, context(userId, provider));
        if (token.isEmpty()) {
            // Signing in must not end with it: what the user is who came in does not depend on the token.
            unopened.increment();
            LOG.error("an access token is left out of an answer: it was sealed with another master key");
        }
        return token.orElse(null);
    }

    private static String context(String userId, String provider) {
        return userId + "/" + provider;
    }
}
