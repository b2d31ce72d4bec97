package io.userstore.command.rest;

import io.userstore.api.error.FieldFault.Kind;
import io.userstore.command.application.MailSecurity;
import io.userstore.command.application.MailServer;
import io.userstore.command.mail.Mailing;
import io.userstore.command.user.Change;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a body says of an application's mail, in its field {@code mail}.
 *
 * @param server as a whole; its password is sealed already
 */
record ApplicationMailFields(Change<String> from, Change<MailServer> server) {
    private static final int MAX_PORT = 65_535;

    /** A host name, or an address of either kind: nothing else gets near a connection. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}");

    static ApplicationMailFields of(Fields fields, String application, Mailing mailing) {
        if (fields.isCleared("mail")) {
            fields.object("mail");
            return new ApplicationMailFields(Change.to(null), Change.to(null));
        }
        Fields mail = fields.object("mail");
        if (mail == null) {
            return new ApplicationMailFields(Change.keep(), Change.keep());
        }
        Change<String> from = mail.email("from_email");
        Change<MailServer> server = server(mail, application, mailing);
        mail.rejectOthers();
        return new ApplicationMailFields(from, server);
    }

    private static Change<MailServer> server(Fields mail, String application, Mailing mailing) {
        Fields smtp = mail.object("smtp");
        if (smtp == null) {
            return mail.isCleared("smtp") ? Change.to(null) : Change.keep();
        }
        String host = host(smtp);
        MailSecurity security = security(smtp);
        int port = (int) smtp.wholeNumber("port", security.usualPort(), 1, MAX_PORT);
        String username = smtp.line("username", Fields.MAX_NAME).after(null);
        String password = smtp.exact("password", Fields.MAX_EXTRA_VALUE).after(null);
        if (password != null && username == null) {
            smtp.fault("username", Kind.MISSING, "is required with a password");
        }
        smtp.rejectOthers();
        if (host == null) {
            return Change.keep();
        }
        String sealed = password == null ? null : mailing.sealPassword(application, password);
        return Change.to(new MailServer(host, port, security, username, sealed));
    }

    private static @Nullable String host(Fields smtp) {
        String host = smtp.line("host", Fields.MAX_NAME).after(null);
        if (smtp.isBlank("host")) {
            smtp.fault("host", Kind.MISSING, "is required");
        } else if (host != null && !HOST.matcher(host).matches()) {
            smtp.fault("host", Kind.INVALID, "must be a host name or an address");
            return null;
        }
        return host;
    }

    private static MailSecurity security(Fields smtp) {
        String text = smtp.line("security", Fields.MAX_NAME).after(null);
        if (text == null) {
            return MailSecurity.STARTTLS;
        }
        return MailSecurity.named(text).orElseGet(() -> {
            smtp.fault("security", Kind.INVALID, "must be none, starttls or tls");
            return MailSecurity.STARTTLS;
        });
    }
}
