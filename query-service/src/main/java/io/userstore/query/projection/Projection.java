package io.userstore.query.projection;

import java.util.List;

/**
 * Turns events into the documents of one generation of a read model.
 *
 * <p>Implementations end in the same documents however often and in whatever batches the log is delivered, as long as
 * each partition comes in its order. Called by several threads when partitions are shared out.
 */
public interface Projection {

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
