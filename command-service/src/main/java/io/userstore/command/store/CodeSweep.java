package io.userstore.command.store;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets codes that expired long ago, once an hour; any number of instances may do so at once. */
final class CodeSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CodeSweep.class);
    private static final long PERIOD_MINUTES = 60;

    /** As long as the answer to a code tells "expired" from "unknown". */
    private static final Duration KEEP = Duration.ofDays(30);

    private final Codes codes;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("code-sweep").daemon().factory());

    CodeSweep(Codes codes) {
        this.codes = codes;
        executor.scheduleWithFixedDelay(this::sweep, PERIOD_MINUTES, PERIOD_MINUTES, TimeUnit.MINUTES);
    }

    private void sweep() {
        try {
            int forgotten = codes.forgetOlderThan(KEEP);
            LOG.debug("{} codes forgotten", forgotten);
        } catch (RuntimeException e) {
            // The next hour tries again; an exception that got out would end the schedule.
            LOG.warn("expired codes could not be forgotten: {}", e.getClass().getName());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
