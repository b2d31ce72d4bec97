package io.userstore.command.store;

import io.userstore.api.key.KeyTable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Keeps the keys in memory in line with their rows: looks four times a second whether an instance has changed any. While
 * PostgreSQL is away the keys that are known go on being valid. Thread-safe.
 */
public final class ApiKeyRefresh implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyRefresh.class);
    private static final long PERIOD_MILLIS = 250;

    private final ApiKeyRows rows;
    private final KeyTable keys;
    private volatile @Nullable ScheduledExecutorService clock;
    private long seen = -1;
    private boolean away;

    ApiKeyRefresh(ApiKeyRows rows, KeyTable keys) {
        this.rows = rows;
        this.keys = keys;
    }

    /** Looks now, so that what this instance has just committed holds before it is answered. */
    public synchronized void refresh() {
        try {
            if (rows.counter() != seen) {
                ApiKeyRows.Snapshot snapshot = rows.snapshot();
                keys.replace(snapshot.grants());
                seen = snapshot.counter();
            }
            away = false;
        } catch (DataAccessException e) {
            if (!away) {
                LOG.warn(
                        "the keys cannot be read now, those known stay valid: {}",
                        e.getClass().getName());
            }
            away = true;
        }
    }

    private void refreshOrTell() {
        try {
            refresh();
        } catch (RuntimeException e) {
            // Would end the looking for ever.
            LOG.error("the keys could not be refreshed", e);
        }
    }

    @Override
    public void start() {
        refresh();
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("api-keys").daemon().factory());
        started.scheduleWithFixedDelay(this::refreshOrTell, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        clock = started;
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

    /** Before the web server, and so stopped after it. */
    @Override
    public int getPhase() {
        return 0;
    }
}
