package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.user.Text;
import io.userstore.command.mail.MailContent;
import io.userstore.command.mail.MailKind;
import io.userstore.command.mail.MailSettings;
import io.userstore.command.mail.MailTemplates;
import io.userstore.command.mail.TemplatesByApplication;
import io.userstore.web.InvalidConfigurationException;
import io.userstore.web.QueryParameters;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parses what a request says of mails and of the links in them. Thread-safe. */
final class MailOptions {
    static final int MAX_TPL_KEYS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(MailOptions.class);

    private static final int MAX_URL = 2_048;
    private static final Pattern TEMPLATE_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final String NO_SERVER = "no mail server is configured";

    private final MailSettings.Directory settings;
    private final TemplatesByApplication templates;

    MailOptions(MailSettings.Directory settings, TemplatesByApplication templates) {
        this.settings = settings;
        this.templates = templates;
    }

    /**
     * What the options of a write say.
     *
     * @param verifyUrl the page that the mail links to, or null
     */
    record Wanted(boolean verify, boolean mail, @Nullable String verifyUrl) {}

    /** The options {@code verify_user}, {@code send_email} and {@code verify_url}. */
    Wanted wanted(QueryParameters options, String application, Faults faults) {
        boolean verify = Boolean.TRUE.equals(options.flag("verify_user"));
        boolean mail = mail(options.flag("send_email"), false, application, faults);
        String verifyUrl = url(options, "verify_url", faults);
        if (verify && mail && options.text("verify_url") == null) {
            faults.add("verify_url", Kind.MISSING, "is required when the mail is to hold a verification code");
        }
        return new Wanted(verify, mail, verifyUrl);
    }

    /** Whether a mail is wanted, which is a fault where none can be sent. */
    boolean mail(@Nullable Boolean given, boolean fallback, String application, Faults faults) {
        boolean mail = given == null ? fallback : given;
        if (mail) {
            requireServer("send_email", application, faults);
        }
        return mail;
    }

    void requireServer(String field, String application, Faults faults) {
        if (settings.of(application).transport() == null) {
            faults.add(field, Kind.INVALID, NO_SERVER);
        }
    }

    /** An absolute http or https URL, or null when none was given or it is at fault. */
    static @Nullable String url(QueryParameters options, String name, Faults faults) {
        String text = options.text(name);
        if (text == null) {
            return null;
        }
        if (text.length() <= MAX_URL && isWebAddress(text)) {
            return text;
        }
        faults.add(name, Kind.INVALID, "must be an absolute http or https URL of at most " + MAX_URL + " characters");
        return null;
    }

    private static boolean isWebAddress(String text) {
        try {
            URI url = new URI(text);
            return url.getHost() != null
                    && ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()));
        } catch (URISyntaxException e) {
            // No URL, which the caller is told as a fault.
            return false;
        }
    }

    /** The object {@code confirmation}: how the mail that asks for one looks. Null when none is asked for. */
    @Nullable
    MailContent confirmation(Fields fields, String application, Faults faults) {
        if (fields.isBlank("confirmation")) {
            fields.ignore(Set.of("confirmation"));
            return null;
        }
        requireServer("confirmation", application, faults);
        Fields confirmation = fields.object("confirmation");
        if (confirmation == null) {
            return null;
        }
        MailContent content = content(confirmation, MailKind.CONFIRMATION, null, application);
        confirmation.rejectOthers();
        return content;
    }

    /** What a body says of the mail for a new password, in the same words as a confirmation. */
    MailContent reset(Fields fields, @Nullable String resetUrl, String application) {
        return content(fields, MailKind.PASSWORD_RESET, resetUrl, application);
    }

    private MailContent content(Fields fields, MailKind kind, @Nullable String link, String application) {
        String from = fields.email("from_email").after(null);
        String subject = fields.line("subject", Fields.MAX_NAME).after(null);
        String template = fields.line("email_tpl", Fields.MAX_NAME).after(null);
        if (template != null && !templatesOf(application).isFor(kind, template)) {
            fields.fault("email_tpl", Kind.INVALID, "there is no such template");
        }
        return new MailContent(from, subject, template, templateKeys(fields.object("tpl_keys")), link);
    }

    private MailTemplates templatesOf(String application) {
        try {
            return templates.of(application);
        } catch (InvalidConfigurationException e) {
            LOG.error("a mail is refused: {}", e.getMessage());
            throw ApiException.retryLater(
                    ErrorCode.UNAVAILABLE,
                    "the application's templates are broken, which the operator has to mend",
                    60);
        }
    }

    private static Map<String, String> templateKeys(@Nullable Fields given) {
        Map<String, String> keys = new LinkedHashMap<>();
        if (given == null) {
            return keys;
        }
        given.all().forEach((key, value) -> {
            String shown = QueryParameters.shown(key);
            if (!TEMPLATE_KEY.matcher(key).matches()) {
                given.fault(shown, Kind.INVALID, "a key must have 1 to 64 letters, digits and underscores");
            } else if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                given.fault(shown, Kind.WRONG_TYPE, "must be a string, a number or a boolean");
            } else if (String.valueOf(value).length() > Fields.MAX_EXTRA_VALUE) {
                given.fault(shown, Kind.TOO_LONG, "may have at most " + Fields.MAX_EXTRA_VALUE + " characters");
            } else if (!Text.isCleanLine(String.valueOf(value))) {
                given.fault(shown, Kind.INVALID, "contains control characters or broken Unicode");
            } else {
                keys.put(key, String.valueOf(value));
            }
        });
        if (keys.size() > MAX_TPL_KEYS) {
            given.fault("", Kind.TOO_LONG, "may have at most " + MAX_TPL_KEYS + " keys");
        }
        return keys;
    }
}
