package io.userstore.command.user;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a code is good for. Of each purpose a user has at most one code that can be used. */
public enum CodePurpose {
    /** Proves the e-mail address. */
    @JsonProperty("verification")
    VERIFICATION,
    /** Proves the e-mail address and makes a user active who was asked to confirm it. */
    @JsonProperty("confirmation")
    CONFIRMATION,
    /** Sets a new password. */
    @JsonProperty("password_reset")
    PASSWORD_RESET;

    /** As it is written, for example {@code password_reset}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
