package io.userstore.query.intake;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast something grew over the last ten seconds. Not thread-safe. */
final class FillRate {
    private static final long WINDOW_NANOS = 10_000_000_000L;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long done) {}

    /** Takes a sample and answers the growth per second; 0 with the first. */
    double at(long nanos, long done) {
        samples.addLast(new Sample(nanos, done));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        long passed = nanos - first.nanos();
        return passed <= 0 ? 0 : Math.max(0, (done - first.done()) * 1e9 / passed);
    }
}
