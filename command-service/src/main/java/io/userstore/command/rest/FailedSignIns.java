package io.userstore.command.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.signin.SignInCommand.RecordFailure;
import io.userstore.command.store.Commands;
import io.userstore.command.store.EventContext;
import io.userstore.command.store.Reservations.UserGoneException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records wrong passwords after the answer has gone out, so that an answer takes the same time whether there is such a
 * user or not. Bounded: under a flood the excess is counted and not recorded. Thread-safe.
 */
final class FailedSignIns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FailedSignIns.class);
    private static final int QUEUE = 1_000;

    private final Commands commands;
    private final MeterRegistry metrics;
    private final Map<String, Integer> waiting = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().name("failed-sign-ins").daemon().factory());

    FailedSignIns(Commands commands, MeterRegistry metrics) {
        this.commands = commands;
        this.metrics = metrics;
    }

    /**
     * One check of a password while it is decided what it comes to. A wrong one counts from the beginning, before what
     * is recorded is read: so of wrong passwords that are checked at once each knows how many came before it, and none
     * is missed between being answered and being recorded. Closing it gives up what was not recorded.
     */
    final class Ticket implements AutoCloseable {
        private final String signInsId;
        private final int before;
        private boolean counts;

        private Ticket(String signInsId, boolean wrong) {
            this.signInsId = signInsId;
            this.counts = wrong;
            this.before = wrong ? waiting.merge(signInsId, 1, Integer::sum) - 1 : waiting.getOrDefault(signInsId, 0);
        }

        /** Wrong passwords of the user before this check, answered by this instance and perhaps not recorded yet. */
        int before() {
            return before;
        }

        /** Records a wrong password, once the answer is on its way. */
        void record(RecordFailure failure, EventContext context) {
            try {
                executor.execute(() -> store(failure, context));
                counts = false;
            } catch (RejectedExecutionException e) {
                metrics.counter("userstore.failed-sign-ins.dropped").increment();
            }
        }

        @Override
        public void close() {
            if (counts) {
                noLongerWaits(signInsId);
            }
        }
    }

    /** @param wrong whether the password is wrong, and the user known */
    Ticket ticket(String signInsId, boolean wrong) {
        return new Ticket(signInsId, wrong);
    }

    private void noLongerWaits(String signInsId) {
        waiting.computeIfPresent(signInsId, (id, count) -> count == 1 ? null : count - 1);
    }

    private void store(RecordFailure failure, EventContext context) {
        try {
            commands.send(failure, context);
        } catch (UserGoneException e) {
            LOG.debug("a failed sign-in of a user who has gone meanwhile is not recorded");
        } catch (RuntimeException e) {
            metrics.counter("userstore.failed-sign-ins.dropped").increment();
            LOG.error("a failed sign-in could not be recorded", e);
        } finally {
            noLongerWaits(failure.signInsId());
        }
    }

    /** Lets what waits be recorded, for at most 5 seconds. */
    @Override
    public void close() throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.warn("{} failed sign-ins were not recorded", executor.getQueue().size());
        }
    }
}
