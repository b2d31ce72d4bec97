package io.userstore.query.intake;

import io.userstore.query.intake.EventLog.Span;
import java.util.Map;

/**
 * The progress of a generation that is filled and then joined, against the log and the generation that is read. Pure.
 *
 * @param spans of the log, by partition
 */
record FillView(Map<Integer, Span> spans) {
    private static final long MOST_LEFT = 2_000;
    private static final long SHARE_LEFT = 50;

    long total() {
        return spans.values().stream()
                .mapToLong(span -> span.end() - span.begin())
                .sum();
    }

    long done(Map<Integer, Long> filled) {
        return CatchUp.applied(spans, filled);
    }

    /** Whether so little is left that the intake can take it on: it has to go back that far, once. */
    boolean isFilled(Map<Integer, Long> filled) {
        return CatchUp.lag(spans, filled) <= Math.min(MOST_LEFT, total() / SHARE_LEFT);
    }

    /**
     * Whether the intake has taken on every partition, and has brought it as far as what is read.
     *
     * @param joined the new generation's progress by the intake itself: a partition without any is not taken on
     * @param serving the progress of what is read; where that is ahead of the log, it was made from another one
     */
    boolean isJoined(Map<Integer, Long> joined, Map<Integer, Long> serving) {
        return spans.entrySet().stream().allMatch(entry -> {
            Long last = joined.get(entry.getKey());
            Span span = entry.getValue();
            long needed = Math.min(serving.getOrDefault(entry.getKey(), -1L), span.end() - 1);
            // What the log has lost cannot be waited for.
            return last != null && Math.max(last, span.begin() - 1) >= needed;
        });
    }

    /** Whether the log has lost its beginning somewhere. */
    boolean isShort() {
        return spans.values().stream().anyMatch(span -> span.begin() > 0);
    }
}
