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
import io.userstore.web.InvalidConfigurationException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Sends what is in the outbox, on any number of instances: each mail at least once, and twice only when an instance dies
 * between the mail server's yes and the row that says so. A mail that fails waits for its own next time and holds up
 * nobody. Mails that go through servers of applications have threads of their own, of which one application gets a few,
 * and none while its server is away; so a server that does not answer costs the others nothing.
 */
final class MailDelivery implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MailDelivery.class);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private final MailOutbox outbox;
    private final Mailing mailing;
    private final TemplatesByApplication templates;
    private final MailSettings.Directory settings;
    private final OwnMailServers ownServers;
    private final MailDefaults defaults;
    private final AggregateStates states;
    private final Commands commands;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final List<MailLane> lanes = new ArrayList<>();
    /** How many mails are being sent by this instance through the server of each application. */
    private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

    private volatile boolean running;

    MailDelivery(
            MailOutbox outbox,
            Mailing mailing,
            TemplatesByApplication templates,
            MailSettings.Directory settings,
            OwnMailServers ownServers,
            MailDefaults defaults,
            AggregateStates states,
            Commands commands,
            InstantSource clock,
            MeterRegistry metrics) {
        this.outbox = outbox;
        this.mailing = mailing;
        this.templates = templates;
        this.settings = settings;
        this.ownServers = ownServers;
        this.defaults = defaults;
        this.states = states;
        this.commands = commands;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public void start() {
        running = true;
        if (mailing.transport() != null) {
            lanes.add(new MailLane(
                    "mail",
                    defaults.threads(),
                    free -> outbox.claim(free, defaults.lease()),
                    this::send,
                    due -> outbox.retry(due, Duration.ZERO)));
        }
        lanes.add(new MailLane(
                "own-mail", 2 * defaults.threads(), this::claimForOwnServers, this::sendByOwnServer, due -> {
                    outbox.retry(due, Duration.ZERO);
                    done(due);
                }));
        lanes.forEach(MailLane::start);
    }

    @Override
    public void stop() {
        running = false;
        try {
            for (MailLane lane : lanes) {
                lane.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lanes.clear();
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

    private List<Due> claimForOwnServers(int free) {
        Set<String> others = new HashSet<>(ownServers.leftAlone());
        others.addAll(underWay.keySet());
        int each = Math.max(1, defaults.threads() / 2);
        List<Due> claimed = outbox.claimForOwnServers(free, each, others, defaults.lease());
        claimed.forEach(due -> underWay.merge(due.application(), 1, Integer::sum));
        return claimed;
    }

    private void sendByOwnServer(Due mail) {
        try {
            send(mail);
        } finally {
            done(mail);
        }
    }

    private void done(Due mail) {
        underWay.computeIfPresent(mail.application(), (name, mails) -> mails == 1 ? null : mails - 1);
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
        MailSettings ofApplication = settings.of(due.application());
        OutgoingMail mail;
        try {
            mail = compose(due, content, code, profile, to, ofApplication);
        } catch (InvalidConfigurationException e) {
            // It names a file and no person, and whoever mends the file gets the mail sent.
            LOG.error("mail {} waits: {}", due.id(), e.getMessage());
            putOff(due, code);
            return;
        } catch (MustacheException e) {
            LOG.error(
                    "mail {}: its template cannot be filled: {}",
                    due.id(),
                    e.getClass().getName());
            settle(due, code, "rejected");
            return;
        }
        MailTransport transport = ofApplication.transport();
        switch (transport == null ? Outcome.AWAY : transport.send(mail)) {
            case TAKEN -> settle(due, code, "sent");
            case REJECTED -> settle(due, code, "rejected");
            case DEFERRED, AWAY -> putOff(due, code);
        }
    }

    private void putOff(Due due, @Nullable Code code) {
        if (due.age().compareTo(defaults.giveUpAfter()) >= 0) {
            settle(due, code, "given_up");
        } else {
            count(due, "retried");
            outbox.retry(due, pause(due.attempts()));
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

    private OutgoingMail compose(
            Due due, MailContent content, @Nullable Code code, Profile profile, String to, MailSettings ofApplication) {
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
        MailTemplates.Rendered rendered = templates.of(due.application()).render(template, values);
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
