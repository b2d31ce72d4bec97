package io.userstore.command.mail;

import io.userstore.command.application.MailServer;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.mail.MailException;
import org.springframework.mail.MailParseException;
import org.springframework.mail.MailPreparationException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;

/**
 * Sends by SMTP. A reply of 5xx to the mail itself is final (RFC 5321, 4.2.1); everything else may pass, a refused log-in
 * included, since that is for the operator to mend.
 */
final class SmtpTransport implements MailTransport {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpTransport.class);

    /** Of connecting, of each answer and of each write; without them a silent server would keep a thread for ever. */
    private static final String TIMEOUT_MILLIS = "10000";

    /** What a server says that is about to close (RFC 5321, 4.2.3). */
    private static final int SERVICE_NOT_AVAILABLE = 421;

    private final JavaMailSenderImpl sender;

    /**
     * To the mail server of an application.
     *
     * @param password null exactly where the server's user name is
     */
    SmtpTransport(MailServer server, @Nullable String password) {
        this(sender(server, password));
    }

    private static JavaMailSenderImpl sender(MailServer server, @Nullable String password) {
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        sender.setHost(server.host());
        sender.setPort(server.port());
        if (server.username() != null && password != null) {
            sender.setUsername(server.username());
            sender.setPassword(password);
        }
        Properties properties = sender.getJavaMailProperties();
        properties.setProperty("mail.smtp.auth", String.valueOf(server.username() != null));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        switch (server.security()) {
            case NONE -> {}
            case STARTTLS -> {
                properties.setProperty("mail.smtp.starttls.enable", "true");
                // Without it, whoever sits between could have all of it said in the clear.
                properties.setProperty("mail.smtp.starttls.required", "true");
            }
            case TLS -> properties.setProperty("mail.smtp.ssl.enable", "true");
        }
        return sender;
    }

    SmtpTransport(JavaMailSenderImpl sender) {
        this.sender = sender;
        Properties properties = sender.getJavaMailProperties();
        for (String protocol : new String[] {"mail.smtp.", "mail.smtps."}) {
            for (String timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
                properties.putIfAbsent(protocol + timeout, TIMEOUT_MILLIS);
            }
        }
        // Addresses may have any letters (RFC 6531), where the server takes them.
        properties.putIfAbsent("mail.mime.allowutf8", "true");
    }

    @Override
    public Outcome send(OutgoingMail mail) {
        try {
            sender.send(message(mail));
            return Outcome.TAKEN;
        } catch (MessagingException | MailParseException | MailPreparationException e) {
            LOG.warn("mail {} cannot be made: {}", mail.id(), e.getClass().getName());
            return Outcome.REJECTED;
        } catch (MailException e) {
            Outcome outcome = outcome(e);
            // The server's own words may quote the address.
            LOG.warn(
                    "mail {} was not taken ({}): {}",
                    mail.id(),
                    outcome,
                    e.getClass().getName());
            return outcome;
        }
    }

    private MimeMessage message(OutgoingMail mail) throws MessagingException {
        MimeMessage message = sender.createMimeMessage();
        MimeMessageHelper helper = new MimeMessageHelper(message, mail.html() != null, "UTF-8");
        helper.setFrom(mail.from());
        helper.setTo(mail.to());
        helper.setSubject(mail.subject());
        if (mail.html() == null) {
            helper.setText(mail.text());
        } else {
            helper.setText(mail.text(), mail.html());
        }
        // The same for each attempt, so that a mail that was sent twice can be told from two mails.
        message.setHeader("Message-ID", "<" + mail.id() + "@userstore>");
        message.setHeader("Auto-Submitted", "auto-generated");
        return message;
    }

    private static Outcome outcome(MailException error) {
        Outcome outcome = Outcome.AWAY;
        Deque<Throwable> open = new ArrayDeque<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        open.add(error);
        while (!open.isEmpty()) {
            Throwable next = open.pop();
            if (!seen.add(next)) {
                continue;
            }
            int reply = replyCode(next);
            if (next instanceof AddressException || reply / 100 == 5) {
                return Outcome.REJECTED;
            }
            if (reply > 0 && reply != SERVICE_NOT_AVAILABLE) {
                outcome = Outcome.DEFERRED;
            }
            if (next instanceof MailSendException several) {
                open.addAll(List.of(several.getMessageExceptions()));
            }
            add(open, next.getCause());
            if (next instanceof MessagingException chained) {
                add(open, chained.getNextException());
            }
        }
        return outcome;
    }

    private static void add(Deque<Throwable> open, @Nullable Throwable error) {
        if (error != null) {
            open.add(error);
        }
    }

    private static int replyCode(Throwable error) {
        return switch (error) {
            case SMTPSendFailedException failed -> failed.getReturnCode();
            case SMTPAddressFailedException failed -> failed.getReturnCode();
            case SMTPSenderFailedException failed -> failed.getReturnCode();
            default -> 0;
        };
    }
}
