package io.userstore.api.consistency;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets work gather under load. A stage that handles every event the moment it comes spends most of its time on the
 * round trips around the events; so when one batch follows hard on another, and neither is large, the stage rests and
 * then takes all that has come. It rests as long as the batch took, so that it works half of the time at the most:
 * moments on an idle machine, longer where the processors are wanted by others. A single event that comes by itself is
 * never delayed.
 *
 * <p>The same thought as Nagle's algorithm (RFC 896). Used by one thread.
 */
public final class Pacing {
    private final long mostNanos;
    private final int large;
    private long began;
    private long ended = System.nanoTime() - Duration.ofMinutes(1).toNanos();
    private long tookNanos;
    private boolean busy;

    /**
     * @param most the longest rest
     * @param large the size from which a batch needs no company
     */
    public Pacing(Duration most, int large) {
        this.mostNanos = most.toNanos();
        this.large = large;
    }

    /** To be called when a batch has come. */
    public void begin() {
        began = System.nanoTime();
        busy = began - ended < tookNanos;
    }

    /** To be called when the batch is done; rests where that is worth it. */
    public void end(int size) {
        tookNanos = Math.min(System.nanoTime() - began, mostNanos);
        if (busy && size < large) {
            LockSupport.parkNanos(tookNanos);
        }
        ended = System.nanoTime();
    }
}
