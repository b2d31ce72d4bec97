package io.userstore.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * The totals of one group.
     *
     * @param group its name, null for the users who are in none
     */
    public record GroupTotals(@Nullable String group, long users, long active, long verified, long pending) {}

    /**
     * One page of groups, by name; the users without a group come last.
     *
     * @param after the group that the next page follows on, null when there is none
     */
    public record GroupPage(
            List<GroupTotals> groups, @Nullable String after) {
        public GroupPage {
            groups = List.copyOf(groups);
        }
    }

    /**
     * What happened in one interval.
     *
     * @param time its first instant
     * @param uniqueLogins users who signed in at least once
     */
    public record Point(Instant time, long joins, long logins, long failedLogins, long deletions, long uniqueLogins) {}
}
