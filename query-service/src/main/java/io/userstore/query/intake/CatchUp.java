package io.userstore.query.intake;

import io.userstore.query.projection.Standings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far one projection is on its way to the end that the log had at start. Not thread-safe: kept by the watch.
 */
final class CatchUp {
    private final Map<Integer, EventLog.Span> target;
    private final Instant startedAt;
    private final long appliedAtStart;
    private final boolean ahead;
    private long applied;
    private boolean complete;

    /** @param offsets the last applied offset of each partition that has one, read before the target was */
    CatchUp(Map<Integer, EventLog.Span> target, Map<Integer, Long> offsets, Instant now) {
        this.target = Map.copyOf(target);
        this.startedAt = now;
        this.ahead = offsets.entrySet().stream()
                .anyMatch(entry -> entry.getValue() >= span(entry.getKey()).end());
        update(offsets);
        this.appliedAtStart = applied;
    }

    void update(Map<Integer, Long> offsets) {
        long sum = 0;
        boolean all = true;
        for (Map.Entry<Integer, EventLog.Span> entry : target.entrySet()) {
            EventLog.Span span = entry.getValue();
            long next = Math.max(span.begin(), offsets.getOrDefault(entry.getKey(), -1L) + 1);
            sum += Math.min(next, span.end()) - span.begin();
            all &= next >= span.end();
        }
        applied = sum;
        complete = all && !ahead;
    }

    boolean isComplete() {
        return complete;
    }

    /** Whether the read model has events that the log does not: the log was lost, or it is another one. */
    boolean isAhead() {
        return ahead;
    }

    Standings.State state() {
        if (ahead) {
            return Standings.State.AHEAD;
        }
        return complete ? Standings.State.CAUGHT_UP : Standings.State.CATCHING_UP;
    }

    /** For people: applied, total, and while there is something to do, rate and time to go. */
    Map<String, Object> describe(Instant now) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (ahead) {
            details.put("state", "ahead of the log, which is not the one it was made from: drop the read models");
            return details;
        }
        long total = target.values().stream()
                .mapToLong(span -> span.end() - span.begin())
                .sum();
        details.put("state", complete ? "caught up" : "catching up");
        details.put("applied", applied);
        details.put("total", total);
        if (!complete) {
            double seconds = Duration.between(startedAt, now).toMillis() / 1_000.0;
            long rate = seconds <= 0 ? 0 : Math.round((applied - appliedAtStart) / seconds);
            details.put("events_per_second", rate);
            details.put("seconds_to_go", rate == 0 ? "unknown" : (total - applied) / rate);
        }
        return details;
    }

    /** How many events of the log as it is now are applied. */
    static long applied(Map<Integer, EventLog.Span> log, Map<Integer, Long> offsets) {
        return log.entrySet().stream()
                .mapToLong(entry -> {
                    EventLog.Span span = entry.getValue();
                    long next = Math.max(span.begin(), offsets.getOrDefault(entry.getKey(), -1L) + 1);
                    return Math.min(next, span.end()) - span.begin();
                })
                .sum();
    }

    /** How many events of the log as it is now are not applied. */
    static long lag(Map<Integer, EventLog.Span> log, Map<Integer, Long> offsets) {
        return log.entrySet().stream()
                .mapToLong(entry -> {
                    EventLog.Span span = entry.getValue();
                    long next = Math.max(span.begin(), offsets.getOrDefault(entry.getKey(), -1L) + 1);
                    return Math.max(0, span.end() - next);
                })
                .sum();
    }

    private EventLog.Span span(int partition) {
        EventLog.@Nullable Span span = target.get(partition);
        return span == null ? new EventLog.Span(0, 0) : span;
    }
}
