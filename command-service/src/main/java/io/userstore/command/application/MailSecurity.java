package io.userstore.command.application;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Optional;

/** How the connection to a mail server is secured. */
public enum MailSecurity {
    /** Not at all: for a server on the same machine or in the same private network. */
    @JsonProperty("none")
    NONE("none", 25),
    /** It must become TLS before anything is said (RFC 3207). */
    @JsonProperty("starttls")
    STARTTLS("starttls", 587),
    /** It is TLS from the beginning (RFC 8314). */
    @JsonProperty("tls")
    TLS("tls", 465);

    private final String text;
    private final int port;

    MailSecurity(String text, int port) {
        this.text = text;
        this.port = port;
    }

    /** As it is written, for example {@code starttls}. */
    public String text() {
        return text;
    }

    /** The port unless another is given. */
    public int usualPort() {
        return port;
    }

    /** The one that is written so, or empty when there is none. */
    public static Optional<MailSecurity> named(String text) {
        return Arrays.stream(values()).filter(value -> value.text.equals(text)).findFirst();
    }
}
