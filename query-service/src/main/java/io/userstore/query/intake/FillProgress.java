package io.userstore.query.intake;

import io.userstore.query.projection.Generation;
import java.util.HashMap;
import java.util.Map;

/** How far generations are that are filled, as this instance saw it last. Thread-safe. */
final class FillProgress {
    private final Map<Generation, FillRate> rates = new HashMap<>();
    private final Map<Generation, Measured> measured = new HashMap<>();

    /**
     * What was seen.
     *
     * @param done events that were read
     * @param total events that are there
     * @param rate events per second, lately
     * @param refused events that could not be taken
     */
    record Measured(long done, long total, double rate, long refused) {
        private static final Measured NOTHING = new Measured(0, 0, 0, 0);

        long left() {
            return Math.max(0, total - done);
        }
    }

    synchronized void at(Generation generation, long done, long total, long refused) {
        double rate = rates.computeIfAbsent(generation, key -> new FillRate()).at(System.nanoTime(), done);
        measured.put(generation, new Measured(done, total, rate, refused));
    }

    synchronized Measured of(Generation generation) {
        return measured.getOrDefault(generation, Measured.NOTHING);
    }
}
