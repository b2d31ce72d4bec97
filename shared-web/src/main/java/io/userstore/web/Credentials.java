package io.userstore.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** The three ways to send a key: HTTP Basic as user name, {@code Authorization: Bearer}, {@code x-api-key}. */
public final class Credentials {
    private Credentials() {}

    /** The key that was sent, or empty when none was, or none that can be read. */
    public static Optional<String> key(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null) {
            return Optional.ofNullable(request.getHeader("x-api-key")).map(String::strip);
        }
        String lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith("basic ")) {
            return basic(header.substring(6).strip());
        }
        return lower.startsWith("bearer ") ? Optional.of(header.substring(7).strip()) : Optional.empty();
    }

    private static Optional<String> basic(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            boolean emptyPassword = colon == pair.length() - 1;
            return colon > 0 && emptyPassword ? Optional.of(pair.substring(0, colon)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Not base64: not a key that anybody has, which the caller is told with 401.
            return Optional.empty();
        }
    }
}
