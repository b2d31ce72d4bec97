package io.userstore.command.mail;

/**
 * How the mails of one application are sent.
 *
 * @param from the sender's address
 * @param publicUrl the beginning of links to our own pages, without a slash at the end
 */
public record MailSettings(String from, String publicUrl) {

    /** Knows the settings of each application. Implementations are thread-safe and fast. */
    public interface Directory {
        MailSettings of(String application);
    }
}
