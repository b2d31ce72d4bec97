package io.userstore.command.idempotency;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Deletes, in the background, answers that are remembered no longer. Thread-safe. */
public final class Sweep implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Claims claims;
    private volatile @Nullable ScheduledExecutorService clock;

    public Sweep(Claims claims) {
        this.claims = claims;
    }

    @Override
    public void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("idempotency-sweep").daemon().factory());
        started.scheduleWithFixedDelay(this::sweep, PERIOD.toSeconds(), PERIOD.toSeconds(), TimeUnit.SECONDS);
        clock = started;
    }

    private void sweep() {
        try {
            claims.sweep();
        } catch (RuntimeException e) {
            // Would end the sweeping for ever; what is left is swept the next time.
            LOG.warn("expired answers could not be deleted: {}", e.getClass().getName());
        }
    }

    @Override
    public void stop() {
        ScheduledExecutorService started = clock;
        if (started != null) {
            started.shutdownNow();
        }
        clock = null;
    }

    @Override
    public boolean isRunning() {
        return clock != null;
    }
}
