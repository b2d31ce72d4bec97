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

    /** @param prefix before each field's name, for example {@code auth_provider.} */
    static ProviderFields of(Fields fields, String prefix) {
        return new ProviderFields(
                provider(fields, prefix + "provider"),
                fields.exact(prefix + "client_id", MAX_CLIENT_ID),
                fields.exact(prefix + "access_token", MAX_ACCESS_TOKEN),
                fields.unixTime(prefix + "access_token_expiry"));
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
    void requireForLink(Fields fields, String prefix, boolean providerIsKnown) {
        if (!providerIsKnown && fields.isBlank(prefix + "provider")) {
            fields.fault(prefix + "provider", Kind.MISSING, "is required");
        }
        if (fields.isBlank(prefix + "client_id")) {
            fields.fault(prefix + "client_id", Kind.MISSING, "is required");
        }
    }
}
