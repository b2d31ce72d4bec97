package io.userstore.command.mail;

import io.userstore.command.user.CodePurpose;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a mail is sent. Of each kind at most one is waiting for a user: a later one makes the code of the other void. */
public enum MailKind {
    REGISTRATION("registration", null, null),
    VERIFICATION("verification", CodePurpose.VERIFICATION, "verify_link"),
    CONFIRMATION("confirmation", CodePurpose.CONFIRMATION, "confirm_link"),
    PASSWORD_RESET("password-reset", CodePurpose.PASSWORD_RESET, "reset_link");

    private final String template;
    private final @Nullable CodePurpose purpose;
    private final @Nullable String link;

    MailKind(String template, @Nullable CodePurpose purpose, @Nullable String link) {
        this.template = template;
        this.purpose = purpose;
        this.link = link;
    }

    /** The template that is used unless another is asked for. */
    String template() {
        return template;
    }

    /** What the mail's code is good for, or null when it has none. */
    @Nullable
    CodePurpose purpose() {
        return purpose;
    }

    /** The template's key for the link that holds the code, or null when there is none. */
    @Nullable
    String link() {
        return link;
    }

    /** As it stands in the database and in metrics. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
