package io.userstore.command.store;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.jspecify.annotations.Nullable;

/**
 * An event store whose followers read the database themselves, at once after a commit of this instance, and at an interval for
 * those of others.
 *
 * <p>In place of Axon's {@code EmbeddedEventStore}, which keeps the latest events in memory for its followers: there is one here,
 * the publisher, and when it had fallen behind what was kept (after an import, say) it never came back to it, and looked for
 * new events only once a second from then on. Thread-safe.
 */
final class DirectEventStore extends AbstractEventStore {
    private final PostgresEventStorage storage;
    private final long intervalNanos;
    private final Object signal = new Object();
    private volatile long commits;

    private DirectEventStore(Builder builder) {
        super(builder);
        this.storage = builder.storage;
        this.intervalNanos = builder.interval.toNanos();
    }

    /** @param interval how often to look for events that this instance has not appended, positive */
    static DirectEventStore over(PostgresEventStorage storage, Duration interval) {
        Builder builder = new Builder(storage, interval);
        builder.storageEngine(storage);
        builder.validate();
        return new DirectEventStore(builder);
    }

    private static final class Builder extends AbstractEventStore.Builder {
        private final PostgresEventStorage storage;
        private final Duration interval;

        Builder(PostgresEventStorage storage, Duration interval) {
            this.storage = storage;
            this.interval = interval;
        }

        @Override
        protected void validate() {
            super.validate();
        }
    }

    @Override
    protected void afterCommit(List<? extends EventMessage<?>> events) {
        lookAgain();
    }

    /** Tells the followers that there are new events, for whoever has appended some past this. */
    void lookAgain() {
        synchronized (signal) {
            commits++;
            signal.notifyAll();
        }
    }

    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken token) {
        return new Following(token);
    }

    private void awaitCommit(long known, long atMostNanos) throws InterruptedException {
        synchronized (signal) {
            if (commits == known) {
                TimeUnit.NANOSECONDS.timedWait(signal, atMostNanos);
            }
        }
    }

    /** One follower's way along the history. Used by one thread. */
    private final class Following implements TrackingEventStream {
        private @Nullable TrackingToken last;
        private Iterator<? extends TrackedEventMessage<?>> events = Collections.emptyIterator();
        private @Nullable TrackedEventMessage<?> next;
        /** Whether the last reading went as far as one goes, so that there may be more at once. */
        private boolean more = true;
        /** The commits that were known before the last reading: what it has not seen is none of these. */
        private long known;

        private long readAt;

        Following(@Nullable TrackingToken from) {
            this.last = from;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            if (next == null) {
                advance();
            }
            return Optional.ofNullable(next);
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            long end = System.nanoTime() + unit.toNanos(timeout);
            while (peek().isEmpty()) {
                long now = System.nanoTime();
                if (now >= end) {
                    return false;
                }
                awaitCommit(known, Math.min(end, readAt + intervalNanos) - now);
            }
            return true;
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            TrackedEventMessage<?> result = next;
            while (result == null) {
                hasNextAvailable(Integer.MAX_VALUE, TimeUnit.MILLISECONDS);
                result = next;
            }
            next = null;
            return result;
        }

        private void advance() {
            if (!events.hasNext() && mayFindSome()) {
                known = commits;
                PostgresEventStorage.Read read = storage.readOn(last);
                readAt = System.nanoTime();
                more = read.more();
                events = read.events().iterator();
            }
            if (events.hasNext()) {
                next = events.next();
                last = next.trackingToken();
            }
        }

        /** A reading that finds nothing costs as much as one that does. */
        private boolean mayFindSome() {
            return more || commits != known || System.nanoTime() - readAt >= intervalNanos;
        }

        @Override
        public void close() {
            // Nothing is held between two readings.
        }
    }
}
