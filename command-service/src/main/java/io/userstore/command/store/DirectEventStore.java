package io.userstore.command.store;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
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
    private final long intervalNanos;
    private final Object signal = new Object();
    private volatile long commits;

    private DirectEventStore(Builder builder) {
        super(builder);
        this.intervalNanos = builder.interval.toNanos();
    }

    /** @param interval how often to look for events that this instance has not appended, positive */
    static DirectEventStore over(EventStorageEngine storage, Duration interval) {
        Builder builder = new Builder(interval);
        builder.storageEngine(storage);
        builder.validate();
        return new DirectEventStore(builder);
    }

    private static final class Builder extends AbstractEventStore.Builder {
        private final Duration interval;

        Builder(Duration interval) {
            this.interval = interval;
        }

        @Override
        protected void validate() {
            super.validate();
        }
    }

    @Override
    protected void afterCommit(List<? extends EventMessage<?>> events) {
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
        private Stream<? extends TrackedEventMessage<?>> read = Stream.empty();
        private Iterator<? extends TrackedEventMessage<?>> events = Collections.emptyIterator();
        private @Nullable TrackedEventMessage<?> next;
        /** The commits that were known before the last reading: where there is none more, there is nothing to be read. */
        private long known = -1;

        Following(@Nullable TrackingToken from) {
            this.last = from;
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            if (next == null && (events.hasNext() || commits != known)) {
                advance();
            }
            return Optional.ofNullable(next);
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            long end = System.nanoTime() + unit.toNanos(timeout);
            while (next == null) {
                advance();
                long left = end - System.nanoTime();
                if (next == null && left <= 0) {
                    return false;
                }
                if (next == null) {
                    awaitCommit(known, Math.min(left, intervalNanos));
                }
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
            if (!events.hasNext()) {
                read.close();
                known = commits;
                read = storageEngine().readEvents(last, false);
                events = read.iterator();
            }
            if (events.hasNext()) {
                next = events.next();
                last = next.trackingToken();
            }
        }

        @Override
        public void close() {
            read.close();
        }
    }
}
