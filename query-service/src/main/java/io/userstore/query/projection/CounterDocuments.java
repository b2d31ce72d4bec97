package io.userstore.query.projection;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import io.userstore.query.mongo.BsonForm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;

/**
 * A collection of counters. Each document holds, beside its counters, the last offset that it has counted, and both
 * change in one write that is guarded by the offset before; so each offset counts once, however often it comes.
 */
public final class CounterDocuments {
    /** The last counted offset. */
    public static final String OFFSET = "offset";

    private static final long NOTHING_COUNTED = -1;

    private final MongoCollection<BsonDocument> collection;

    public CounterDocuments(MongoCollection<BsonDocument> collection) {
        this.collection = collection;
    }

    /**
     * Counts; returns once all is written.
     *
     * @param counts in the log's order within each document
     */
    public void add(List<Count> counts) {
        if (counts.isEmpty()) {
            return;
        }
        Map<Count.Counters, List<Count>> byDocument = new LinkedHashMap<>();
        for (Count count : counts) {
            byDocument
                    .computeIfAbsent(count.counters(), key -> new ArrayList<>())
                    .add(count);
        }
        Attempts.untilTaken(() -> GuardedWrites.tryAll(collection, writes(byDocument)));
    }

    private List<WriteModel<BsonDocument>> writes(Map<Count.Counters, List<Count>> byDocument) {
        Map<String, BsonDocument> found = new HashMap<>();
        List<String> ids =
                byDocument.keySet().stream().map(Count.Counters::id).distinct().toList();
        for (BsonDocument document : collection.find(Filters.in("_id", ids)).batchSize(ids.size() + 1)) {
            found.put(document.getString("_id").getValue(), document);
        }
        List<WriteModel<BsonDocument>> writes = new ArrayList<>();
        byDocument.forEach((counters, counts) -> {
            WriteModel<BsonDocument> write = write(counters, counts, found.get(counters.id()));
            if (write != null) {
                writes.add(write);
            }
        });
        return writes;
    }

    private static @Nullable WriteModel<BsonDocument> write(
            Count.Counters counters, List<Count> counts, @Nullable BsonDocument found) {
        BsonDocument document = found == null ? empty(counters) : found;
        BsonInt64 before = document.getInt64(OFFSET);
        long last = before.getValue();
        for (Count count : counts) {
            if (count.offset() > before.getValue()) {
                add(document, count.field(), count.amount());
                last = Math.max(last, count.offset());
            }
        }
        if (last == before.getValue()) {
            return null;
        }
        document.put(OFFSET, BsonForm.number(last));
        return found == null
                ? new InsertOneModel<>(document)
                : new ReplaceOneModel<>(new BsonDocument("_id", document.get("_id")).append(OFFSET, before), document);
    }

    private static BsonDocument empty(Count.Counters counters) {
        BsonDocument document = new BsonDocument("_id", BsonForm.text(counters.id()));
        document.putAll(counters.labels());
        return document.append(OFFSET, BsonForm.number(NOTHING_COUNTED));
    }

    private static void add(BsonDocument document, String field, long amount) {
        int dot = field.indexOf('.');
        if (dot < 0) {
            long before = document.getInt64(field, BsonForm.number(0)).getValue();
            document.put(field, BsonForm.number(before + amount));
            return;
        }
        String group = field.substring(0, dot);
        BsonDocument inner = document.getDocument(group, new BsonDocument());
        document.put(group, inner);
        add(inner, field.substring(dot + 1), amount);
    }
}
