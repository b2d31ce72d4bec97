package io.userstore.query.projection;

import java.util.List;

/**
 * Turns events into the documents of one read model.
 *
 * <p>Implementations end in the same documents however often and in whatever batches the log is delivered, as long as
 * each partition comes in its order. Called by several threads when partitions are shared out.
 */
public interface Projection {

    /** A short name in lower case, for example {@code users}; also names the consumer group. */
    String name();

    /** The version of its documents, from 1: a changed projection fills others beside the old. */
    default int version() {
        return 1;
    }

    /**
     * Applies a batch; when it returns, reads see it.
     *
     * @param batch in the log's order within each partition
     * @return the deliveries that do not follow on what was applied before; nothing of them was applied
     * @throws com.mongodb.MongoException when the server is away; the batch is then to be delivered again
     */
    List<Delivery> apply(List<Delivery> batch);
}
