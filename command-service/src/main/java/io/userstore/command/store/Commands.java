package io.userstore.command.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.userstore.command.application.ApplicationAggregate;
import io.userstore.command.application.ApplicationCommand;
import io.userstore.command.application.ApplicationDecision;
import io.userstore.command.application.ApplicationRejection;
import io.userstore.command.application.ApplicationState;
import io.userstore.command.signin.SignInCommand;
import io.userstore.command.signin.SignIns;
import io.userstore.command.store.Reservations.TakenException;
import io.userstore.command.store.Reservations.UserGoneException;
import io.userstore.command.user.Decision;
import io.userstore.command.user.Rejection;
import io.userstore.command.user.UserAggregate;
import io.userstore.command.user.UserCommand;
import io.userstore.command.user.UserState;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.AxonTransientException;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;

/**
 * Sends commands and tells what came of them as a value. A command that loses against another one on the same user,
 * from this or another instance, is decided again on the new state. Thread-safe.
 */
public final class Commands {
    private static final int ATTEMPTS = 8;
    private static final int MAX_PAUSE_MILLIS = 20;

    private final CommandGateway gateway;
    private final AggregateStates states;
    private final MeterRegistry metrics;

    Commands(CommandGateway gateway, AggregateStates states, MeterRegistry metrics) {
        this.gateway = gateway;
        this.states = states;
        this.metrics = metrics;
    }

    /** What came of a command on a user. */
    public sealed interface UserResult {
        /**
         * @param before the user before the command
         * @param after the user after it; the same when nothing changed
         */
        record Done(UserState before, UserState after) implements UserResult {}

        record Refused(Rejection rejection) implements UserResult {}

        record Taken(Reservations.Kind kind) implements UserResult {}
    }

    /**
     * Decides and stores; when it returns {@link UserResult.Done} the events are committed.
     *
     * @throws ConcurrencyException when the user changed in the meantime too often to get through
     */
    public UserResult send(UserCommand command, EventContext context) {
        return send(command, context, null);
    }

    /**
     * Likewise, with something that goes into the same transaction.
     *
     * @param enclosure what the followers of the append are given, or null
     */
    public UserResult send(UserCommand command, EventContext context, @Nullable Enclosure enclosure) {
        return timed(command, result -> outcome(result), () -> {
            try {
                UserAggregate.Outcome outcome =
                        sendWithRetry(command, context.asMetaData(enclosure), UserAggregate.Outcome.class);
                if (outcome.decision() instanceof Decision.Refused(var rejection)) {
                    return new UserResult.Refused(rejection);
                }
                states.remember(command.userId(), outcome.before(), outcome.after());
                return new UserResult.Done(outcome.before(), outcome.after());
            } catch (TakenException e) {
                return new UserResult.Taken(e.kind());
            } catch (AggregateNotFoundException e) {
                // Axon's way to say that there are no events of that id.
                return new UserResult.Refused(Rejection.NO_SUCH_USER);
            }
        });
    }

    /**
     * Records a fact of signing in, unless there is none: the state after it is then that before.
     *
     * @throws UserGoneException when the user has been deleted
     */
    public SignIns.Outcome send(SignInCommand command, EventContext context) {
        return timed(command, result -> result.recorded() ? "done" : "unchanged", () -> {
            Map<String, Object> metaData = context.asMetaData();
            if (command.isOneEventAtMost() && states.remembers(command.signInsId())) {
                metaData.put(EventContext.FROM_MEMORY, true);
            }
            SignIns.Outcome outcome = sendWithRetry(command, metaData, SignIns.Outcome.class);
            if (!outcome.recorded() && metaData.remove(EventContext.FROM_MEMORY) != null) {
                // An append proves that nobody had gone on from the state in memory; nothing proves nothing.
                outcome = sendWithRetry(command, metaData, SignIns.Outcome.class);
            }
            states.remember(command.signInsId(), outcome.before(), outcome.after());
            return outcome;
        });
    }

    /** What came of a command on an application. */
    public sealed interface ApplicationResult {
        record Done(ApplicationState after) implements ApplicationResult {}

        record Refused(ApplicationRejection rejection) implements ApplicationResult {}
    }

    /**
     * Decides and stores; when it returns {@link ApplicationResult.Done} the events are committed.
     *
     * @throws ConcurrencyException when the application changed in the meantime too often to get through
     */
    public ApplicationResult send(ApplicationCommand command, EventContext context) {
        return timed(command, result -> outcome(result), () -> {
            Map<String, Object> metaData = context.asMetaData();
            metaData.put(ApplicationAggregate.NOW, Instant.now());
            ApplicationAggregate.Outcome outcome = sendWithRetry(command, metaData, ApplicationAggregate.Outcome.class);
            if (outcome.decision() instanceof ApplicationDecision.Refused(var rejection)) {
                return new ApplicationResult.Refused(rejection);
            }
            states.remember(command.applicationId(), outcome.after());
            return new ApplicationResult.Done(outcome.after());
        });
    }

    private static String outcome(ApplicationResult result) {
        return switch (result) {
            case ApplicationResult.Done done -> "done";
            case ApplicationResult.Refused(var rejection) -> rejection.name().toLowerCase(Locale.ROOT);
        };
    }

    private static String outcome(UserResult result) {
        return switch (result) {
            case UserResult.Done done -> done.before().version() == done.after().version() ? "unchanged" : "done";
            case UserResult.Refused(var rejection) -> rejection.name().toLowerCase(Locale.ROOT);
            case UserResult.Taken(var kind) -> kind.name().toLowerCase(Locale.ROOT) + "_taken";
        };
    }

    private <R> R timed(Object command, Function<R, String> outcome, Supplier<R> work) {
        long start = System.nanoTime();
        String label = "failed";
        try {
            R result = work.get();
            label = outcome.apply(result);
            return result;
        } finally {
            Timer.builder("userstore.commands")
                    .description("Commands decided and stored, by type and outcome")
                    .tag("type", command.getClass().getSimpleName())
                    .tag("outcome", label)
                    .register(metrics)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    /** @param metaData goes with the command; after an attempt that lost, without what lets it be decided from memory */
    private <R> R sendWithRetry(Object command, Map<String, Object> metaData, Class<R> resultType) {
        for (int attempt = 1; ; attempt++) {
            try {
                return resultType.cast(gateway.sendAndWait(
                        GenericCommandMessage.asCommandMessage(command).withMetaData(metaData)));
            } catch (AxonTransientException | AggregateStreamCreationException | ConcurrencyFailureException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                metaData.remove(EventContext.FROM_MEMORY);
                metrics.counter("userstore.commands.retries").increment();
                pause(attempt);
            }
        }
    }

    private static void pause(int attempt) {
        try {
            int most = Math.min(MAX_PAUSE_MILLIS, 1 << attempt);
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, most + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while retrying a command", e);
        }
    }
}
