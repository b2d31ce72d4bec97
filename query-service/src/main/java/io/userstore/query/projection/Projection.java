package io.userstore.query.projection;

import java.util.List;

/**
 * Turns events into the documents of one read model.
 *
 * <p>Implementations end in the same documents however often and in whatever batches the log is delivered, as long as
 * each partition comes in its order. Called by several threads when partitions are shared out.
 */
public interface Projection {

    /** A short name in lower case, for example {@code users}; what reports, metrics and dead letters call it. */
    String name();

    /**
     * The version of its documents, from 1. One that is new has no progress, and so is filled from the log's beginning;
     * its collections have names that no version before had.
     */
    int version();

    /** Under what name the progress of this version is kept. */
    default String progressKey() {
        return progressKey(name(), version());
    }

    /** Likewise, of any version of a projection. */
    static String progressKey(String name, int version) {
        return name + "_v" + version;
    }

    /** What the versions before kept; dropped once this version has caught up. */
    default List<String> formerCollections() {
        return List.of();
    }

    /**
     * Applies a batch; when it returns, reads see it.
     *
     * @param batch in the log's order within each partition
     * @return the deliveries that do not follow on what was applied before; nothing of them was applied
     * @throws com.mongodb.MongoException when the server is away; the batch is then to be delivered again
     */
    List<Delivery> apply(List<Delivery> batch);

    /**
     * Passes over an event of a type that is not known: it changes nothing, and the events after it follow on. Called in
     * the log's order, with {@link #apply(List)} for the events around it.
     *
     * @return whether it follows on what was applied before; false leaves all as it is
     * @throws com.mongodb.MongoException when the server is away; the event is then to be delivered again
     */
    boolean skip(Skipped event);
}
