package io.userstore.command.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.code.CodeGenerator;
import io.userstore.command.code.NewCode;
import io.userstore.command.mail.MailContent;
import io.userstore.command.mail.MailKind;
import io.userstore.command.mail.MailRequest;
import io.userstore.command.store.Commands;
import io.userstore.command.store.EventContext;
import io.userstore.command.store.Reservations;
import io.userstore.command.store.Reservations.Holder;
import io.userstore.command.user.CodePurpose;
import io.userstore.command.user.UserCommand.RequestPasswordReset;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for reset mails after the answer has gone out, so that neither it nor its time tells whether there is such a user.
 * Bounded: under a flood the excess is counted and not done; whoever gets no mail asks again. Thread-safe.
 */
final class ForgottenPasswords implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForgottenPasswords.class);
    private static final int QUEUE = 1_000;
    private static final String DROPPED = "userstore.forgotten-passwords.dropped";

    private final Commands commands;
    private final Reservations reservations;
    private final CodeGenerator codes;
    private final MeterRegistry metrics;
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().name("forgotten-passwords").daemon().factory());

    ForgottenPasswords(Commands commands, Reservations reservations, CodeGenerator codes, MeterRegistry metrics) {
        this.commands = commands;
        this.reservations = reservations;
        this.codes = codes;
        this.metrics = metrics;
    }

    /** @param resetUrl the page that the mail links to, or null for our own */
    void mail(String email, @Nullable String resetUrl, EventContext context) {
        try {
            executor.execute(() -> request(email, resetUrl, context));
        } catch (RejectedExecutionException e) {
            metrics.counter(DROPPED).increment();
        }
    }

    private void request(String email, @Nullable String resetUrl, EventContext context) {
        try {
            Optional<Holder> holder = reservations.holder(context.application(), Reservations.Kind.EMAIL, email);
            if (holder.isPresent()) {
                NewCode code = codes.next(CodePurpose.PASSWORD_RESET);
                // A user who has gone or changed address meanwhile is refused; there is nobody to tell.
                commands.send(
                        new RequestPasswordReset(
                                holder.get().userId().toString(), context.application(), code.issued()),
                        context,
                        new MailRequest(MailKind.PASSWORD_RESET, code.code(), MailContent.linkingTo(resetUrl)));
            }
        } catch (RuntimeException e) {
            metrics.counter(DROPPED).increment();
            LOG.error("a reset mail could not be asked for: {}", e.getClass().getName());
        }
    }

    /** Lets what waits be done, for at most 5 seconds. */
    @Override
    public void close() throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.warn("{} reset mails were not asked for", executor.getQueue().size());
        }
    }
}
