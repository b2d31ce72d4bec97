package io.userstore.command.mail;

/** Carries mails away. Implementations are thread-safe and bounded in time. */
public interface MailTransport {

    /** What became of a mail. */
    enum Outcome {
        /** Somebody else is responsible for it now. */
        TAKEN,
        /** It will never be taken as it is. */
        REJECTED,
        /** It may be taken later. */
        UNAVAILABLE
    }

    /** Tries once. Never throws for what a server or a network does. */
    Outcome send(OutgoingMail mail);
}
