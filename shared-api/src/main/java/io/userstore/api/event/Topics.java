package io.userstore.api.event;

/** The Kafka topics of the system. */
public final class Topics {
    /** Every published event, kept for ever; key = user id. */
    public static final String EVENTS = "userstore.events";
    /** Records of {@link #EVENTS} that no projection could take, with cause and position in headers. */
    public static final String DEAD_LETTERS = "userstore.events.dlt";
    /** How far each projection has applied {@link #EVENTS}; kept for an hour. */
    public static final String PROGRESS = "userstore.progress";

    /** Partitions of {@link #EVENTS} and {@link #DEAD_LETTERS} unless configured otherwise. */
    public static final int DEFAULT_PARTITIONS = 12;

    private Topics() {}
}
