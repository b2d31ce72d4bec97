package io.userstore.command.visibility;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.EventStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Knows which writes the projections have applied, for as long as somebody waits for them. A write begins to watch
 * before it is sent, so that no report can pass unseen, and then waits for its number. Nobody takes a lock on data.
 *
 * <p>When the query side is away, the first writes wait as long as they are allowed to; then nobody waits until it
 * reports again that it keeps up. Thread-safe.
 */
public final class Visibility {
    /**
     * A projection that applies events older than this is catching up, and not worth waiting for. Far longer than any
     * wait, since the age compares the clocks of two machines.
     */
    private static final long KEEPS_UP_MILLIS = 5_000;

    private final Duration enough;
    private final Map<String, Set<Watch>> watches = new ConcurrentHashMap<>();
    private final Map<String, Standing> standings;

    /**
     * @param projections the names of those that must have applied a write
     * @param enough the shortest wait after which a projection that was not heard of counts as away
     */
    public Visibility(Set<String> projections, Duration enough) {
        this.enough = enough;
        this.standings = projections.stream()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), projection -> new Standing()));
    }

    /** How one projection does: when it was last heard of, by {@link System#nanoTime()}, and whether it is away. */
    private static final class Standing {
        private volatile long heardOf;
        private volatile boolean behind;
        private volatile boolean away;
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

    /** Takes in what the query side says of its progress. */
    public void report(ProgressReport report) {
        report.projections().forEach(projection -> report(projection, report));
    }

    private void report(String projection, ProgressReport report) {
        Standing standing = standings.get(projection);
        if (standing == null) {
            return;
        }
        standing.heardOf = System.nanoTime();
        standing.behind = report.lagMillis() >= KEEPS_UP_MILLIS;
        if (!standing.behind) {
            standing.away = false;
        }
        for (ProgressReport.Applied applied : report.applied()) {
            Set<Watch> watching = watches.get(applied.userId());
            if (watching != null) {
                watching.forEach(watch -> watch.applied(projection, applied));
            }
        }
    }

    /** Whether any projection was found to be away, or far behind, and has not come back yet. */
    public boolean isAway() {
        return standings.values().stream().anyMatch(standing -> standing.away);
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
            long begin = System.nanoTime();
            long left = atMost.toNanos();
            lock.lock();
            try {
                List<String> missing = missing(stream, sequence);
                while (!missing.isEmpty()) {
                    if (isAnyAway(missing)) {
                        return false;
                    }
                    if (left <= 0) {
                        giveUpOnTheAbsent(missing, begin, atMost);
                        return false;
                    }
                    left = progress.awaitNanos(left);
                    missing = missing(stream, sequence);
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                lock.unlock();
            }
        }

        private List<String> missing(EventStream stream, long sequence) {
            List<String> missing = new ArrayList<>();
            for (String projection : standings.keySet()) {
                ProgressReport.Applied applied = seen.get(projection);
                if (applied == null || reached(applied, stream) < sequence) {
                    missing.add(projection);
                }
            }
            return missing;
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

    private boolean isAnyAway(List<String> missing) {
        return missing.stream().map(standings::get).anyMatch(standing -> standing != null && standing.away);
    }

    /**
     * A projection that was waited for long enough is away when nothing at all was heard of it meanwhile, or only of
     * events long past. One slow event alone says nothing: it may have been the last.
     */
    private void giveUpOnTheAbsent(List<String> missing, long begin, Duration waited) {
        if (waited.compareTo(enough) < 0) {
            return;
        }
        for (String projection : missing) {
            Standing standing = standings.get(projection);
            if (standing != null && (standing.behind || standing.heardOf - begin < 0)) {
                standing.away = true;
            }
        }
    }

    /** How many writes are being watched; for the metrics. */
    public int watching() {
        return watches.size();
    }
}
