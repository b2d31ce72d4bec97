package io.userstore.command.user;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How it stands with the confirmation that a user is asked for. */
public enum Confirmation {
    @JsonProperty("pending")
    PENDING,
    /** The mail that asks for it could not be delivered; it can be sent again. */
    @JsonProperty("failed")
    FAILED;

    /** As it is written, for example {@code pending}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
