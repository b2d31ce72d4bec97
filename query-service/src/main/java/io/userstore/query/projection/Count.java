package io.userstore.query.projection;

import org.bson.BsonDocument;

/**
 * One event's share in one counter.
 *
 * @param counters the document the counter stands in
 * @param offset of the event in the log; a document counts each offset of its partition once
 * @param field the counter's name, or {@code group.name} for one in a sub-document
 */
public record Count(Counters counters, long offset, String field, long amount) {

    /**
     * A document of counters, which counts one partition of the log, since only a partition has an order.
     *
     * @param id its {@code _id}
     * @param labels what it counts for, copied into the document
     */
    public record Counters(String id, BsonDocument labels) {}
}
