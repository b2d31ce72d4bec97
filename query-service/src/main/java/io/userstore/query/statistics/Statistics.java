package io.userstore.query.statistics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * The group that users are counted of.
     *
     * @param name null for the users without a group
     */
    public record Group(@Nullable String name) {
        /** The users without a group. */
        public static final Group NONE = new Group(null);
    }

    /**
     * The totals of one group.
     *
     * @param group its name, null for the users without a group
     * @param pending as in {@link Totals}
     */
    public record OfGroup(
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String group,

            long users,
            long active,
            long verified,
            long pending) {}

    /** @param after the group that the next page follows on, null when there is none */
    public record GroupPage(List<OfGroup> groups, @Nullable String after) {
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

    /** The points of a span, one per interval, also for those in which nothing happened. */
    public record Series(Instant from, Instant to, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }
}
