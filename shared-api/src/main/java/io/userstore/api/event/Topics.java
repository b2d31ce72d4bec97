package io.userstore.api.event;

import java.time.Duration;
import java.util.Map;

/** The Kafka topics of the system. */
public final class Topics {
    /** Every published event, kept for ever; key = user id. */
    public static final String EVENTS = "userstore.events";
    /** Records of {@link #EVENTS} that no projection could take, with cause and position in headers. */
    public static final String DEAD_LETTERS = "userstore.events.dlt";
    /** How far each projection has applied {@link #EVENTS}; kept for an hour. */
    public static final String PROGRESS = "userstore.progress";

    /**
     * What each key of the API grants, see {@link io.userstore.api.key.KeyGrant}; key = key id, compacted, one partition.
     * A record without a value takes the key away.
     */
    public static final String API_KEYS = "userstore.keys.api";

    /**
     * Settings of {@link #API_KEYS}. That a key was taken away is told for 30 days: a service that is cut off for longer has
     * to read the topic from its beginning, which it does at its start.
     */
    public static final Map<String, String> API_KEYS_CONFIG = Map.of(
            "cleanup.policy",
            "compact",
            "delete.retention.ms",
            Long.toString(Duration.ofDays(30).toMillis()));

    /**
     * The key of each user, wrapped by the master key; key = user id, compacted, as many partitions as {@link #EVENTS}. A
     * record without a value says that the user is gone, and the key with it.
     */
    public static final String USER_KEYS = "userstore.keys";

    /**
     * Settings of {@link #USER_KEYS}. The key of a user who is gone is out of the broker's files a day later at the latest,
     * however little is written meanwhile; that it is gone is told for 30 days.
     */
    public static final Map<String, String> USER_KEYS_CONFIG = Map.of(
            "cleanup.policy",
            "compact",
            "min.cleanable.dirty.ratio",
            "0.1",
            "segment.ms",
            Long.toString(Duration.ofHours(12).toMillis()),
            "max.compaction.lag.ms",
            Long.toString(Duration.ofDays(1).toMillis()),
            "delete.retention.ms",
            Long.toString(Duration.ofDays(30).toMillis()));

    /**
     * The signed heads of the audit log, {@link io.userstore.api.audit.TreeHead} as JSON, in the order in which they were
     * signed; key = {@code head}, one partition, kept for ever.
     */
    public static final String AUDIT_HEADS = "userstore.audit.heads";

    /**
     * Asks the side that has the history to publish all of it on a topic of its own, for a view that is made anew from a log
     * that has lost its beginning. A record's value is the name of that topic, which is there and has as many partitions as
     * {@link #EVENTS}.
     */
    public static final String REPLAYS = "userstore.replays";

    /** Settings of {@link #REPLAYS} and of the topics that are named there. */
    public static final Map<String, String> REPLAYS_CONFIG =
            Map.of("retention.ms", Long.toString(Duration.ofDays(7).toMillis()));

    /** What the names of such topics begin with. */
    public static final String REPLAY = "userstore.replay.";

    /** The header of the last record of each partition of such a topic, which is no event. */
    public static final String REPLAY_END = "replay_end";

    /** Partitions of {@link #EVENTS}, {@link #USER_KEYS} and {@link #DEAD_LETTERS} unless configured otherwise. */
    public static final int DEFAULT_PARTITIONS = 12;

    private Topics() {}
}
