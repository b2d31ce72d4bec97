package io.userstore.standalone;

import io.userstore.command.mail.MailTransport;
import io.userstore.command.mail.OutgoingMail;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Keeps the mails that would have been sent, the last 1,000 of them, in memory: to try things out, and gone with the
 * process. Thread-safe.
 */
final class Mailbox implements MailTransport {
    static final int CAPACITY = 1_000;

    private final Deque<Received> mails = new ArrayDeque<>();

    /** A mail, and when it came. */
    record Received(Instant time, OutgoingMail mail) {}

    @Override
    public synchronized Outcome send(OutgoingMail mail) {
        if (mails.size() == CAPACITY) {
            mails.removeLast();
        }
        mails.addFirst(new Received(Instant.now(), mail));
        return Outcome.TAKEN;
    }

    /** Newest first. */
    synchronized List<Received> mails() {
        return List.copyOf(mails);
    }
}
