package io.userstore.command.mail;

import io.userstore.api.user.EmailAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of mail. The server itself is given by {@code spring.mail.*}.
 *
 * @param from the sender's address unless the one who asks for the mail gives another
 * @param publicUrl where users reach this service, the beginning of links; null for where it listens
 * @param templates a folder of templates, or null for none but those built in
 * @param giveUpAfter how long a mail is tried, a second to 30 days
 * @param retryAfter the pause after the first failure, 10 ms to an hour; doubles with each, up to 15 minutes
 * @param lease until when nobody else tries a mail that is being sent, a second to an hour; longer than an attempt takes with all
 *     its time-outs, or mails are sent twice
 * @param threads how many mails are sent at once, 1 to 64
 */
@ConfigurationProperties("userstore.mail")
public record MailDefaults(
        @DefaultValue("no-reply@localhost") String from,
        @Nullable URI publicUrl,
        @Nullable Path templates,
        @DefaultValue("24h") Duration giveUpAfter,
        @DefaultValue("5s") Duration retryAfter,
        @DefaultValue("5m") Duration lease,
        @DefaultValue("4") int threads) {
    public MailDefaults {
        require(EmailAddress.parse(from).isPresent(), "from must be an e-mail address");
        require(publicUrl == null || isWebAddress(publicUrl), "public-url must be an absolute http or https URL");
        within("give-up-after", giveUpAfter, Duration.ofSeconds(1), Duration.ofDays(30));
        within("retry-after", retryAfter, Duration.ofMillis(10), Duration.ofHours(1));
        within("lease", lease, Duration.ofSeconds(1), Duration.ofHours(1));
        require(threads >= 1 && threads <= 64, "threads must be from 1 to 64");
    }

    private static boolean isWebAddress(URI url) {
        return url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        require(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                name + " must be from " + least + " to " + most + ", not " + value);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("userstore.mail." + message);
        }
    }
}
