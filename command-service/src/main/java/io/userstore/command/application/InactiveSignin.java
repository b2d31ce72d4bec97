package io.userstore.command.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Optional;

/** What becomes of a right password of a user who is not active. */
public enum InactiveSignin {
    /** The user is told who it is and that it is not active; no login is recorded. */
    @JsonProperty("allow")
    ALLOW("allow"),
    /** The user is refused. */
    @JsonProperty("deny")
    DENY("deny");

    private final String text;

    InactiveSignin(String text) {
        this.text = text;
    }

    /** As it is written, for example {@code allow}. */
    public String text() {
        return text;
    }

    /** The one that is written so, or empty when there is none. */
    public static Optional<InactiveSignin> named(String text) {
        return Arrays.stream(values()).filter(value -> value.text.equals(text)).findFirst();
    }
}
