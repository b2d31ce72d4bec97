package io.userstore.command.mail;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the one who asks for a mail may say about it; what is null is as configured. Parsed at the border: addresses are
 * addresses, and no text that gets into a header has a line end. Holds personal data.
 *
 * @param from the sender's address
 * @param template the name of the template
 * @param keys more values for the template, by key
 * @param link an absolute URL to which the code is added, or null for our own page
 */
public record MailContent(
        @Nullable String from,
        @Nullable String subject,
        @Nullable String template,
        Map<String, String> keys,
        @Nullable String link) {
    public static final MailContent DEFAULT = new MailContent(null, null, null, Map.of(), null);

    public MailContent {
        keys = keys == null ? Map.of() : Map.copyOf(keys);
    }

    public static MailContent linkingTo(@Nullable String link) {
        return new MailContent(null, null, null, Map.of(), link);
    }

    @Override
    public String toString() {
        return "***";
    }
}
