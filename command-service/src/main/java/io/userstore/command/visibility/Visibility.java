package io.userstore.command.visibility;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.EventStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Knows which writes the projections have applied, for as long as somebody waits for them. A write begins to watch
 * before it is sent, so that no report can pass unseen, and then waits for its number. Nobody takes a lock on data.
 *
 * <p>When the query side is away, the first writes wait as long as they are allowed to; then nobody waits until it
 * reports again that it keeps up. Thread-safe.
 */
public final class Visibility {
    /** A projection whose reports are older than this when they come is catching up, and not worth waiting for. */
    private static final long KEEPS_UP_MILLIS = 1_000;

    private final Set<String> projections;
    private final Map<String, Set<Watch>> watches = new ConcurrentHashMap<>();
    private volatile boolean away;

    /** @param projections the names of those that must have applied a write */
    public Visibility(Set<String> projections) {
        this.projections = Set.copyOf(projections);
    }

    /** Begins to watch one user; to be closed. */
    public Watch watch(String userId) {
        Watch watch = new Watch(userId);
        watches.compute(userId, (id, others) -> {
            Set<Watch> all = others == null ? new CopyOnWriteArraySet<>() : others;
            all.add(watch);
            return all;
        });
        return watch;
    }

    /** Takes in what a projection says of its progress. */
    public void report(ProgressReport report) {
        if (!projections.contains(report.projection())) {
            return;
        }
        if (away && report.lagMillis() < KEEPS_UP_MILLIS) {
            away = false;
        }
        for (ProgressReport.Applied applied : report.applied()) {
            Set<Watch> watching = watches.get(applied.userId());
            if (watching != null) {
                watching.forEach(watch -> watch.applied(report.projection(), applied));
            }
        }
    }

    /** Whether the query side was found to be away and has not come back yet. */
    public boolean isAway() {
        return away;
    }

    /** One write's view of one user. Used by one thread, told of progress by another. */
    public final class Watch implements AutoCloseable {
        private final String userId;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition progress = lock.newCondition();
        private final Map<String, ProgressReport.Applied> seen = new HashMap<>();

        private Watch(String userId) {
            this.userId = userId;
        }

        private void applied(String projection, ProgressReport.Applied applied) {
            lock.lock();
            try {
                seen.merge(
                        projection,
                        applied,
                        (a, b) -> new ProgressReport.Applied(
                                userId,
                                Math.max(a.version(), b.version()),
                                Math.max(a.loginSequence(), b.loginSequence())));
                progress.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /**
         * Waits until every projection has applied that event.
         *
         * @return whether they have; false when it took longer than {@code atMost}, or the query side is away
         */
        public boolean await(EventStream stream, long sequence, Duration atMost) {
            long left = atMost.toNanos();
            lock.lock();
            try {
                while (!isVisible(stream, sequence)) {
                    if (left <= 0) {
                        away = true;
                        return false;
                    }
                    if (away) {
                        return false;
                    }
                    left = progress.awaitNanos(left);
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                lock.unlock();
            }
        }

        private boolean isVisible(EventStream stream, long sequence) {
            for (String projection : projections) {
                ProgressReport.Applied applied = seen.get(projection);
                if (applied == null || reached(applied, stream) < sequence) {
                    return false;
                }
            }
            return true;
        }

        private static long reached(ProgressReport.Applied applied, EventStream stream) {
            return switch (stream) {
                case USER -> applied.version();
                case SIGN_INS -> applied.loginSequence();
            };
        }

        @Override
        public void close() {
            watches.computeIfPresent(userId, (id, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /** How many writes are being watched; for the metrics. */
    public int watching() {
        return watches.size();
    }
}
