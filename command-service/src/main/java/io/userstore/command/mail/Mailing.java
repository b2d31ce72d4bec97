package io.userstore.command.mail;

import io.userstore.command.seal.Sealing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the service sends mail, and what that takes. Immutable. */
public final class Mailing {
    private final @Nullable MailTransport transport;
    private final Sealing sealing;

    /**
     * @param transport of the service's own mail server, or null: then only applications that have one send mail
     * @param sealing for what waits, and for the passwords of applications' servers
     */
    Mailing(@Nullable MailTransport transport, Sealing sealing) {
        this.transport = transport;
        this.sealing = sealing;
    }

    /** Seals the password of an application's mail server. */
    public String sealPassword(String application, String password) {
        return sealing.seal(password, passwordPlace(application));
    }

    /** What {@link #sealPassword} has sealed; empty when that was with another master key. */
    Optional<String> openPassword(String application, String sealed) {
        return sealing.open(sealed, passwordPlace(application));
    }

    private static String passwordPlace(String application) {
        return application + "/smtp-password";
    }

    /** The service's own, or null. */
    @Nullable
    MailTransport transport() {
        return transport;
    }

    Sealing sealing() {
        return sealing;
    }
}
