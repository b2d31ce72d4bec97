package io.userstore.command.mail;

import com.samskivert.mustache.MustacheException;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.code.Code;
import io.userstore.command.mail.MailOutbox.Due;
import io.userstore.command.mail.MailTransport.Outcome;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.Commands;
import io.userstore.command.store.EventContext;
import io.userstore.command.user.IssuedCode;
import io.userstore.command.user.Profile;
import io.userstore.command.user.UserCommand.RecordConfirmationMail;
import io.userstore.command.user.UserState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Sends what is in the outbox, on any number of instances: each mail at least once, and twice only when an instance dies
 * between the mail server's yes and the row that says so. A mail that fails waits for its own next time and holds up
 * nobody; a server that does not answer keeps a thread for its time-outs.
 */
final class MailDelivery implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MailDelivery.class);

    /** How soon a mail is noticed. */
    private static final Duration POLL = Duration.ofMillis(250);

    /** Longer than an attempt takes with all its time-outs; until then nobody else tries. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
    private static final int STOP_SECONDS = 10;

    private final MailOutbox outbox;
    private final Mailing mailing;
    private final MailTemplates templates;
    private final MailSettings.Directory settings;
    private final MailDefaults defaults;
    private final AggregateStates states;
    private final Commands commands;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final Semaphore idle;
    private @Nullable ExecutorService senders;
    private @Nullable Thread poller;
    private volatile boolean running;

    MailDelivery(
            MailOutbox outbox,
            Mailing mailing,
            MailTemplates templates,
            MailSettings.Directory settings,
            MailDefaults defaults,
            AggregateStates states,
            Commands commands,
            InstantSource clock,
            MeterRegistry metrics) {
        this.outbox = outbox;
        this.mailing = mailing;
        this.templates = templates;
        this.settings = settings;
        this.defaults = defaults;
        this.states = states;
        this.commands = commands;
        this.clock = clock;
        this.metrics = metrics;
        this.idle = new Semaphore(defaults.threads());
    }

    @Override
    public void start() {
        running = true;
        if (mailing.isConfigured()) {
            senders = Executors.newFixedThreadPool(
                    defaults.threads(),
                    Thread.ofPlatform().name("mail-", 0).daemon().factory());
            poller = Thread.ofPlatform().name("mail-poll").daemon().start(this::poll);
        }
    }

    /** Lets what is being sent be sent, for at most 10 seconds; what is cut off is sent again by the next. */
    @Override
    public void stop() {
        running = false;
        if (poller == null || senders == null) {
            return;
        }
        senders.shutdown();
        poller.interrupt();
        try {
            poller.join(Duration.ofSeconds(STOP_SECONDS));
            if (!senders.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                senders.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After Axon, and stopped before it. */
    @Override
    public int getPhase() {
        return 1;
    }

    private void poll() {
        boolean away = false;
        while (running) {
            try {
                idle.acquire();
                int free = 1 + idle.drainPermits();
                int taken = 0;
                try {
                    taken = take(free);
                    away = false;
                } catch (RuntimeException e) {
                    if (!away && running) {
                        LOG.warn(
                                "the outbox of mails cannot be read now: {}",
                                e.getClass().getName());
                    }
                    away = true;
                } finally {
                    idle.release(free - taken);
                }
                if (taken < free) {
                    Thread.sleep(POLL);
                }
            } catch (InterruptedException e) {
                // Only stop() interrupts; the loop ends by itself.
                LOG.debug("no more mails are taken");
            }
        }
    }

    /** Hands over what is due, and answers how many senders that has taken. */
    private int take(int free) {
        ExecutorService executor = senders;
        if (executor == null) {
            throw new IllegalStateException("not started");
        }
        int taken = 0;
        for (Due mail : outbox.claim(free, LEASE)) {
            try {
                executor.execute(() -> send(mail));
                taken++;
            } catch (RejectedExecutionException e) {
                // Stopping: another instance, or this one after its restart, need not wait for the lease.
                outbox.retry(mail, Duration.ZERO);
            }
        }
        return taken;
    }

    private void send(Due mail) {
        try {
            deliver(mail);
        } catch (RuntimeException e) {
            // The row is still there, and due again after its lease.
            LOG.error(
                    "mail {} could not be dealt with: {}",
                    mail.id(),
                    e.getClass().getName());
        } finally {
            idle.release();
        }
    }

    private void deliver(Due due) {
        UserState user = states.user(due.userId().toString());
        Optional<Code> code = outbox.code(due);
        Optional<MailContent> content = outbox.content(due);
        if (content.isEmpty() || (due.kind().purpose() != null && code.isEmpty())) {
            LOG.error("mail {} was sealed with another master key and cannot be sent", due.id());
            settle(due, null, "unreadable");
            return;
        }
        String to = user.profile().email();
        if (!user.existsIn(due.application()) || to == null || isVoid(due, user, code.orElse(null))) {
            settle(due, null, "void");
            return;
        }
        if (hasExpired(due, user)) {
            settle(due, code.orElse(null), "given_up");
            return;
        }
        attempt(due, content.get(), code.orElse(null), user.profile(), to);
    }

    /** A later code, another address or a use has made the mail's code no good; nobody should be sent it. */
    private static boolean isVoid(Due due, UserState user, @Nullable Code code) {
        if (due.kind().purpose() == null || code == null) {
            return false;
        }
        IssuedCode live = user.codes().get(due.kind().purpose());
        return live == null || !live.hash().equals(code.hash());
    }

    private boolean hasExpired(Due due, UserState user) {
        if (due.kind().purpose() == null) {
            return false;
        }
        IssuedCode live = user.codes().get(due.kind().purpose());
        return live != null && !clock.instant().isBefore(live.expiresAt());
    }

    private void attempt(Due due, MailContent content, @Nullable Code code, Profile profile, String to) {
        OutgoingMail mail;
        try {
            mail = compose(due, content, code, profile, to);
        } catch (MustacheException e) {
            LOG.error(
                    "mail {}: its template cannot be filled: {}",
                    due.id(),
                    e.getClass().getName());
            settle(due, code, "rejected");
            return;
        }
        Outcome outcome = mailing.transport().send(mail);
        switch (outcome) {
            case TAKEN -> settle(due, code, "sent");
            case REJECTED -> settle(due, code, "rejected");
            case UNAVAILABLE -> {
                if (due.age().compareTo(defaults.giveUpAfter()) >= 0) {
                    settle(due, code, "given_up");
                } else {
                    count(due, "retried");
                    outbox.retry(due, pause(due.attempts()));
                }
            }
        }
    }

    /** Records what became of a mail, and then is done with it; in that order, so that a crash repeats it. */
    private void settle(Due due, @Nullable Code code, String outcome) {
        if (due.kind() == MailKind.CONFIRMATION && code != null) {
            commands.send(
                    new RecordConfirmationMail(
                            due.userId().toString(), due.application(), code.hash(), outcome.equals("sent")),
                    new EventContext(due.application(), null, null));
        }
        outbox.finish(due);
        count(due, outcome);
    }

    private OutgoingMail compose(Due due, MailContent content, @Nullable Code code, Profile profile, String to) {
        MailSettings ofApplication = settings.of(due.application());
        Map<String, String> values = new HashMap<>();
        values.put("application", due.application());
        values.put("email", to);
        putIfPresent(values, "username", profile.username());
        putIfPresent(values, "first_name", profile.firstName());
        putIfPresent(values, "last_name", profile.lastName());
        values.putAll(content.keys());
        if (due.kind().link() != null && code != null) {
            values.put(due.kind().link(), link(due.kind(), content.link(), ofApplication, code));
        }
        String template = content.template() == null ? due.kind().template() : content.template();
        MailTemplates.Rendered rendered = templates.render(template, values);
        return new OutgoingMail(
                due.id(),
                content.from() == null ? ofApplication.from() : content.from(),
                to,
                content.subject() == null ? rendered.subject() : content.subject(),
                rendered.text(),
                rendered.html());
    }

    private static String link(MailKind kind, @Nullable String given, MailSettings settings, Code code) {
        String page = switch (kind) {
            case PASSWORD_RESET -> "/reset-password";
            case VERIFICATION, CONFIRMATION, REGISTRATION -> "/confirm";
        };
        return withCode(given == null ? settings.publicUrl() + page : given, code);
    }

    /** The URL with one more query parameter, before its fragment. */
    static String withCode(String url, Code code) {
        int hash = url.indexOf('#');
        String address = hash < 0 ? url : url.substring(0, hash);
        String fragment = hash < 0 ? "" : url.substring(hash);
        String separator = !address.contains("?") ? "?" : address.endsWith("?") || address.endsWith("&") ? "" : "&";
        return address + separator + "code=" + URLEncoder.encode(code.value(), StandardCharsets.UTF_8) + fragment;
    }

    private static void putIfPresent(Map<String, String> values, String key, @Nullable String value) {
        if (value != null) {
            values.put(key, value);
        }
    }

    /** Doubles with each attempt; spread a little, so that what failed together does not come back together. */
    private Duration pause(int attempts) {
        double factor = Math.pow(2, Math.min(attempts, 30) - 1)
                * ThreadLocalRandom.current().nextDouble(0.8, 1.2);
        double millis = defaults.retryAfter().toMillis() * factor;
        return Duration.ofMillis((long) Math.min(millis, LONGEST_PAUSE.toMillis()));
    }

    private void count(Due due, String outcome) {
        metrics.counter("userstore.mail", "kind", due.kind().text(), "outcome", outcome)
                .increment();
    }
}
