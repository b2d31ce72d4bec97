package io.userstore.command.application;

import java.util.Optional;
import java.util.regex.Pattern;

/** The name of an application: 1 to 63 lower-case letters, digits and dashes, the first no dash. */
public record ApplicationName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /** The name, or empty when the text is none. */
    public static Optional<ApplicationName> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new ApplicationName(text)) : Optional.empty();
    }
}
