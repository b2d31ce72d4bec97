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
        String trimmed = Text.trimmed(text);
        String key = trimmed.length() > MAX_LENGTH ? "" : Text.key(trimmed);
        boolean fits = !key.isEmpty()
                && Text.isCleanLine(trimmed)
                && key.indexOf('@') < 0
                && !ID.matcher(key).matches();
        return fits ? Optional.of(new Username(trimmed)) : Optional.empty();
    }

    /** The form that is unique within an application. */
    public String key() {
        return Text.key(value);
    }
}
