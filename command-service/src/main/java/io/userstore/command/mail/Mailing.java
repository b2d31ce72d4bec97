package io.userstore.command.mail;

import io.userstore.command.seal.Sealing;
import org.jspecify.annotations.Nullable;

/** Whether mail goes out, and what that takes. Immutable. */
public final class Mailing {
    private final @Nullable MailTransport transport;
    private final @Nullable Sealing sealing;

    /** Without a transport no mail goes out; with one, what waits has to be sealed. */
    Mailing(@Nullable MailTransport transport, @Nullable Sealing sealing) {
        this.transport = transport;
        this.sealing = sealing;
    }

    /** Whether there is somewhere to send mail. A request for one is refused otherwise. */
    public boolean isConfigured() {
        return transport != null && sealing != null;
    }

    MailTransport transport() {
        return required(transport);
    }

    Sealing sealing() {
        return required(sealing);
    }

    private static <T> T required(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("no mail is configured");
        }
        return part;
    }
}
