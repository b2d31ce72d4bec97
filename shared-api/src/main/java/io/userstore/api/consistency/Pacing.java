package io.userstore.api.consistency;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets work gather under load. A stage that handles every event the moment it comes spends most of its time on the
 * round trips around the events; so when one batch follows hard on another, and neither is large, the stage rests for a
 * moment and then takes all that has come. A single event that comes by itself is never delayed.
 *
 * <p>The same thought as Nagle's algorithm (RFC 896). Used by one thread.
 */
public final class Pacing {
    private final long restNanos;
    private final int large;
    private long lastEnd = System.nanoTime() - Duration.ofMinutes(1).toNanos();
    private boolean busy;

    /**
     * @param rest how long to rest, and also how soon after the last a batch must come to count as following hard
     * @param large the size from which a batch needs no company
     */
    public Pacing(Duration rest, int large) {
        this.restNanos = rest.toNanos();
        this.large = large;
    }

    /** To be called when a batch has come. */
    public void begin() {
        busy = System.nanoTime() - lastEnd < restNanos;
    }

    /** To be called when the batch is done; rests where that is worth it. */
    public void end(int size) {
        if (busy && size < large) {
            LockSupport.parkNanos(restNanos);
        }
        lastEnd = System.nanoTime();
    }
}
