package io.userstore.command.mail;

import org.jspecify.annotations.Nullable;

/**
 * How the mails of one application are sent.
 *
 * @param from the sender's address
 * @param publicUrl the beginning of links to our own pages, without a slash at the end
 * @param transport its own mail server's or the service's, or null where there is neither
 */
public record MailSettings(
        String from, String publicUrl, @Nullable MailTransport transport) {

    /** Knows the settings of each application. Implementations are thread-safe and look no further than the database. */
    public interface Directory {
        MailSettings of(String application);
    }
}
