package io.userstore.benchmark;

import java.util.LinkedHashMap;
import java.util.Map;

/** What went wrong during one measure: how often each kind, with the first of its kind in full. Thread-safe. */
final class Faults {
    private static final int MAX_SAMPLE = 300;

    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    private static final class Kind {
        private final String sample;
        private long count;

        Kind(String sample) {
            this.sample = sample;
        }
    }

    void unexpected(Answer answer, int expected) {
        add("status " + answer.status() + " in place of " + expected, answer.body());
    }

    void failed(Exception cause) {
        add(cause.getClass().getSimpleName(), String.valueOf(cause.getMessage()));
    }

    synchronized void add(String kind, String sample) {
        kinds.computeIfAbsent(kind, k -> new Kind(sample.substring(0, Math.min(sample.length(), MAX_SAMPLE)))).count++;
    }

    synchronized long count() {
        return kinds.values().stream().mapToLong(kind -> kind.count).sum();
    }

    /** Prints each kind, if there are any. */
    synchronized void complain(String during) {
        kinds.forEach((name, kind) ->
                Console.say("  %s: %d × %s, the first: %s".formatted(during, kind.count, name, kind.sample)));
    }
}
