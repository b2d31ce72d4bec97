package io.userstore.client;

import java.time.Instant;
import java.util.List;

/**
 * Statistics of one application; {@code from} and {@code to} are widened to whole intervals.
 *
 * @param interval {@code hour}, {@code day}, {@code week} or {@code month}
 * @param series one point per interval, also for those in which nothing happened
 */
public record Statistics(Totals totals, String interval, Instant from, Instant to, List<Point> series) {
    public Statistics {
        series = List.copyOf(series);
    }

    /** How many users there are now. */
    public record Totals(long users, long active, long verified, long pending) {}

    /**
     * What happened in one interval.
     *
     * @param time its first instant
     * @param uniqueLogins users who signed in at least once
     */
    public record Point(Instant time, long joins, long logins, long failedLogins, long deletions, long uniqueLogins) {}
}
