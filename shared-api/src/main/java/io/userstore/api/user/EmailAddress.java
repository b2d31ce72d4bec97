package io.userstore.api.user;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An e-mail address: kept as typed (trimmed), compared by {@link #key()}.
 *
 * <p>Takes what mail servers take and people have: one {@code @}, a local part of at most 64 and a whole of at most
 * 254 characters (RFC 5321, 4.5.3.1), any letters (RFC 6531). Only a mail can tell whether it exists.
 */
public record EmailAddress(String value) {
    private static final int MAX_LENGTH = 254;
    private static final Pattern SHAPE = Pattern.compile(
            "[^\\s@\"(),:;<>\\[\\\\\\]]{1,64}@[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}.-]*[\\p{L}\\p{N}\\p{M}])?");

    /** The address, or empty when the text is none. */
    public static Optional<EmailAddress> parse(String text) {
        String trimmed = Text.trimmed(text);
        boolean fits = trimmed.length() <= MAX_LENGTH
                && Text.isCleanLine(trimmed)
                && SHAPE.matcher(trimmed).matches()
                && !trimmed.contains("..")
                && !trimmed.startsWith(".")
                && !trimmed.contains(".@");
        return fits ? Optional.of(new EmailAddress(trimmed)) : Optional.empty();
    }

    /** The form that is unique within an application. */
    public String key() {
        return Text.key(value);
    }
}
