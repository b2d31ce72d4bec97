package io.userstore.command.mail;

/** Carries mails away. Implementations are thread-safe and bounded in time. */
public interface MailTransport {

    /** What became of a mail. */
    enum Outcome {
        /** Somebody else is responsible for it now. */
        TAKEN,
        /** It will never be taken as it is. */
        REJECTED,
        /** The server does not take it now, and may later. */
        DEFERRED,
        /** There is no server to be reached, or none that lets us in: no other mail would fare better now. */
        AWAY
    }

    /** Tries once. Never throws for what a server or a network does. */
    Outcome send(OutgoingMail mail);
}
