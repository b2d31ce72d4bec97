package io.userstore.command.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.signin.SignInCommand.RecordFailure;
import io.userstore.command.store.Commands;
import io.userstore.command.store.EventContext;
import io.userstore.command.store.Reservations.UserGoneException;
import java.util.concurrent.ArrayBlockingQueue;
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

    void record(RecordFailure failure, EventContext context) {
        try {
            executor.execute(() -> store(failure, context));
        } catch (RejectedExecutionException e) {
            metrics.counter("userstore.failed-sign-ins.dropped").increment();
        }
    }

    private void store(RecordFailure failure, EventContext context) {
        try {
            commands.send(failure, context);
        } catch (UserGoneException e) {
            LOG.debug("a failed sign-in of a user who has gone meanwhile is not recorded");
        } catch (RuntimeException e) {
            metrics.counter("userstore.failed-sign-ins.dropped").increment();
            LOG.error("a failed sign-in could not be recorded", e);
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
