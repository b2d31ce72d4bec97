package io.userstore.command.mail;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail as it is handed to a mail server. Holds personal data and secrets, so it prints as its id only.
 *
 * @param id the same each time that the same mail is sent
 * @param from an address; likewise {@code to}
 * @param subject one line
 * @param html the same in HTML, or null for a mail of text alone
 */
public record OutgoingMail(
        UUID id,
        String from,
        String to,
        String subject,
        String text,
        @Nullable String html) {
    @Override
    public String toString() {
        return "OutgoingMail[" + id + "]";
    }
}
