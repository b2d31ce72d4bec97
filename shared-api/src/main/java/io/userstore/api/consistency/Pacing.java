package io.userstore.api.consistency;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Lets work gather under load. A stage that handles every event the moment it comes spends most of its time on the
 * round trips around the events; so when one batch follows hard on another, and neither is large, the stage rests and
 * then takes all that has come. It rests as long as the batch took, so that it works half of the time at the most:
 * moments on an idle machine, longer where the processors are wanted by others. A single event that comes by itself is
 * never delayed.
 *
 * <p>Where work that is worth more waits for the processors, the stage rests as long as that has to wait, whatever has come before:
 * who waits there would not be done sooner for a batch of one.
 *
 * <p>The same thought as Nagle's algorithm (RFC 896). Used by one thread.
 */
public final class Pacing {
    private final long mostNanos;
    private final int large;
    private final Supplier<Duration> others;
    private final long mostForOthersNanos;
    private long began;
    private long ended = System.nanoTime() - Duration.ofMinutes(1).toNanos();
    private long tookNanos;
    private boolean busy;

    /**
     * @param most the longest rest
     * @param large the size from which a batch needs no company
     */
    public Pacing(Duration most, int large) {
        this(most, large, () -> Duration.ZERO, Duration.ZERO);
    }

    /**
     * @param others how long other work has to wait for the processors now
     * @param mostForOthers the longest rest for its sake
     */
    public Pacing(Duration most, int large, Supplier<Duration> others, Duration mostForOthers) {
        this.mostNanos = most.toNanos();
        this.large = large;
        this.others = others;
        this.mostForOthersNanos = mostForOthers.toNanos();
    }

    /** To be called when a batch has come. */
    public void begin() {
        began = System.nanoTime();
        busy = began - ended < tookNanos;
    }

    /** To be called when the batch is done; rests where that is worth it. */
    public void end(int size) {
        tookNanos = Math.min(System.nanoTime() - began, mostNanos);
        if (size < large) {
            long forOthers = Math.min(others.get().toNanos(), mostForOthersNanos);
            LockSupport.parkNanos(Math.max(busy ? tookNanos : 0, forOthers));
        }
        ended = System.nanoTime();
    }
}
