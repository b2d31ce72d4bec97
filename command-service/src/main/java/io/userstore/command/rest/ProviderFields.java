package io.userstore.command.rest;

import io.userstore.api.error.FieldFault.Kind;
import io.userstore.command.user.Change;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an OAuth identity, parsed.
 *
 * @param provider null when it was not given or at fault
 */
record ProviderFields(
        @Nullable String provider, Change<String> clientId, Change<String> accessToken, Change<Long> tokenExpiry) {
    static final int MAX_CLIENT_ID = 256;
    private static final int MAX_ACCESS_TOKEN = 4_096;
    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9_-]{1,32}");

    /** The way in that is no provider: it stands in events as the method of a sign-in. */
    private static final String RESERVED = "password";

    static ProviderFields of(Fields fields) {
        return new ProviderFields(
                provider(fields, "provider"),
                fields.exact("client_id", MAX_CLIENT_ID),
                fields.exact("access_token", MAX_ACCESS_TOKEN),
                fields.unixTime("access_token_expiry"));
    }

    /** The field of that name as a provider, or null when it was not given or at fault. */
    static @Nullable String provider(Fields fields, String name) {
        String text = fields.exact(name, Fields.MAX_NAME).after(null);
        if (text != null && !isProvider(text)) {
            fields.fault(name, Kind.INVALID, "must have 1 to 32 of the characters a-z, 0-9, _ and -");
            return null;
        }
        return text;
    }

    static boolean isProvider(String text) {
        return PROVIDER.matcher(text).matches() && !text.equals(RESERVED);
    }

    /** Adds a fault for a new link that lacks what it needs. */
    void requireForLink(Fields fields, boolean providerIsKnown) {
        if (!providerIsKnown && fields.isBlank("provider")) {
            fields.fault("provider", Kind.MISSING, "is required");
        }
        if (fields.isBlank("client_id")) {
            fields.fault("client_id", Kind.MISSING, "is required");
        }
    }
}
