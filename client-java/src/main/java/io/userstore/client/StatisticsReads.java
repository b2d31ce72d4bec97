package io.userstore.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many joined, signed in, left. Thread-safe. */
public final class StatisticsReads {
    private final Transport transport;

    StatisticsReads(Transport transport) {
        this.transport = transport;
    }

    /** The last 30 days, day by day. */
    public Statistics get() {
        return get(null, null, "day", null, ReadOptions.DEFAULT);
    }

    /**
     * @param from null for 30 days before {@code to}
     * @param to null for the end of today (UTC)
     * @param interval {@code hour}, {@code day}, {@code week} or {@code month}
     * @param group null for everybody
     */
    public Statistics get(
            @Nullable Instant from,
            @Nullable Instant to,
            String interval,
            @Nullable String group,
            ReadOptions options) {
        Request request = Request.get("stats")
                .with("from", from)
                .with("to", to)
                .with("interval", interval)
                .with("group", group);
        return transport.read(request, options, Statistics.class);
    }

    /** Like {@link #get(Instant, Instant, String, String, ReadOptions)}, of the users who are in no group. */
    public Statistics getWithoutGroup(
            @Nullable Instant from, @Nullable Instant to, String interval, ReadOptions options) {
        Request request = Request.get("stats")
                .with("from", from)
                .with("to", to)
                .with("interval", interval)
                .with("without_group", true);
        return transport.read(request, options, Statistics.class);
    }

    /**
     * One page of the groups that have users.
     *
     * @param limit most groups, from 1 to 1,000
     * @param after the cursor of the page before; null for the first
     */
    public Statistics.GroupPage groups(int limit, @Nullable String after, ReadOptions options) {
        Request request = Request.get("stats", "groups").with("limit", limit).with("after", after);
        Answer answer = transport.read(request, options, Answer.class);
        return new Statistics.GroupPage(answer.data(), answer.paging().after());
    }

    private record Answer(Paging paging, List<Statistics.GroupTotals> data) {}

    private record Paging(@Nullable String after) {}
}
