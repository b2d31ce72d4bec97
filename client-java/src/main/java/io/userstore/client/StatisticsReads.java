package io.userstore.client;

import java.time.Instant;
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
}
