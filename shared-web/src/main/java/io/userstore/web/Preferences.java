package io.userstore.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;

/**
 * What a caller prefers (RFC 7240). A preference that we do not know or cannot read is passed over, as the RFC asks.
 *
 * @param respondAsync answer a write without waiting until it can be read
 * @param patience how long to wait at most, 0 to 30 s; empty when the caller does not say
 * @param representation answer the whole user, not only what changed
 * @param minimal answer no body
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240">RFC 7240</a>
 */
public record Preferences(boolean respondAsync, Optional<Duration> patience, boolean representation, boolean minimal) {
    private static final Preferences NONE = new Preferences(false, Optional.empty(), false, false);
    private static final int MAX_WAIT_SECONDS = 30;

    public static Preferences of(HttpServletRequest request) {
        if (request.getHeader("Prefer") == null) {
            return NONE;
        }
        boolean async = false;
        boolean whole = false;
        boolean minimal = false;
        Optional<Duration> patience = Optional.empty();
        for (String line : Collections.list(request.getHeaders("Prefer"))) {
            for (String part : line.toLowerCase(Locale.ROOT).split("[,;]")) {
                String preference = part.replace("\"", "").replace(" ", "").strip();
                async |= preference.equals("respond-async");
                whole |= preference.equals("return=representation");
                minimal |= preference.equals("return=minimal");
                if (patience.isEmpty() && preference.matches("wait=\\d{1,6}")) {
                    int seconds = Integer.parseInt(preference.substring("wait=".length()));
                    patience = Optional.of(Duration.ofSeconds(Math.min(seconds, MAX_WAIT_SECONDS)));
                }
            }
        }
        return new Preferences(async, patience, whole, minimal);
    }
}
