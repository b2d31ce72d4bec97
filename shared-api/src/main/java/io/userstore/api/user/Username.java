package io.userstore.api.user;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A user name: kept as typed (trimmed), compared by {@link #key()}; 1 to 256 characters, no control characters. May
 * not look like an e-mail address (contain {@code @}) nor like a user id, so that a sign-in name stays unambiguous.
 */
public record Username(String value) {
    public static final int MAX_LENGTH = 256;

    private static final Pattern ID =
            Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** The user name, or empty when the text cannot be one. */
    public static Optional<Username> parse(String text) {
        String stripped = text.strip();
        String key = stripped.length() > MAX_LENGTH ? "" : Text.key(stripped);
        boolean fits = !key.isEmpty()
                && Text.isCleanLine(stripped)
                && key.indexOf('@') < 0
                && !ID.matcher(key).matches();
        return fits ? Optional.of(new Username(stripped)) : Optional.empty();
    }

    /** The form that is unique within an application. */
    public String key() {
        return Text.key(value);
    }
}
