package io.userstore.query.statistics;

import java.time.Instant;
import java.util.List;

/** What {@link StatisticsReads} answers. */
public final class Statistics {
    private Statistics() {}

    /**
     * How many users an application has, and how many of them are active or verified.
     *
     * @param pending users who were asked for a confirmation and have not given it, also where its mail has failed
     */
    public record Totals(long users, long active, long verified, long pending) {}

    /**
     * What happened in one interval.
     *
     * @param time its first instant
     * @param uniqueLogins users who signed in at least once
     */
    public record Point(Instant time, long joins, long logins, long failedLogins, long deletions, long uniqueLogins) {}

    /** The points of a span, one per interval, also for those in which nothing happened. */
    public record Series(Instant from, Instant to, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }
}
