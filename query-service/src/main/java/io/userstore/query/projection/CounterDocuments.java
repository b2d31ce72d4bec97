package io.userstore.query.projection;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import io.userstore.query.mongo.BsonForm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A collection of counters. Each document holds, beside its counters, the last offset that it has counted, and both
 * change in one write that is guarded by the offset before; so each offset counts once, however often it comes.
 *
 * <p>A partition of the log has one reader at a time, so its documents are as this one left them: they are kept in
 * memory, and read again only when the guard says that somebody else has written. Thread-safe.
 */
public final class CounterDocuments {
    /** The last counted offset. */
    public static final String OFFSET = "offset";

    /** What comes from a history that is published once more lies before the log, at offsets below zero. */
    private static final long NOTHING_COUNTED = Long.MIN_VALUE;

    private static final int MOST_KNOWN = 1_000;

    private final Map<String, BsonDocument> known = new ConcurrentHashMap<>();
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
        Attempts.untilTaken(() -> tryAdd(byDocument));
    }

    private boolean tryAdd(Map<Count.Counters, List<Count>> byDocument) {
        Map<String, BsonDocument> before = read(byDocument.keySet());
        Map<String, BsonDocument> after = new HashMap<>();
        List<WriteModel<BsonDocument>> writes = new ArrayList<>();
        byDocument.forEach((counters, counts) -> {
            BsonDocument found = before.get(counters.id());
            BsonDocument counted = counted(found == null ? empty(counters) : found.clone(), counts);
            if (counted != null) {
                after.put(counters.id(), counted);
                writes.add(write(found, counted));
            }
        });
        // Forgotten while the outcome is open: after a failure nobody knows how far the write has come.
        known.keySet().removeAll(after.keySet());
        boolean taken = GuardedWrites.tryAll(collection, writes);
        if (taken) {
            remember(after);
        }
        return taken;
    }

    private void remember(Map<String, BsonDocument> documents) {
        if (known.size() + documents.size() > MOST_KNOWN) {
            known.clear();
        }
        known.putAll(documents);
    }

    private Map<String, BsonDocument> read(Collection<Count.Counters> counters) {
        Map<String, BsonDocument> found = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        for (Count.Counters each : counters) {
            BsonDocument document = known.get(each.id());
            if (document == null) {
                unknown.add(each.id());
            } else {
                found.put(each.id(), document);
            }
        }
        if (!unknown.isEmpty()) {
            for (BsonDocument document :
                    collection.find(Filters.in("_id", unknown)).batchSize(unknown.size() + 1)) {
                found.put(document.getString("_id").getValue(), document);
            }
        }
        return found;
    }

    /** The document with the counts that are news to it, or null when none is. */
    private static @Nullable BsonDocument counted(BsonDocument document, List<Count> counts) {
        long before = document.getInt64(OFFSET).getValue();
        long last = before;
        for (Count count : counts) {
            if (count.offset() > before) {
                add(document, count.field(), count.amount());
                last = Math.max(last, count.offset());
            }
        }
        document.put(OFFSET, BsonForm.number(last));
        return last == before ? null : document;
    }

    private static WriteModel<BsonDocument> write(@Nullable BsonDocument before, BsonDocument after) {
        return before == null
                ? new InsertOneModel<>(after)
                : new ReplaceOneModel<>(
                        new BsonDocument("_id", after.get("_id")).append(OFFSET, before.get(OFFSET)), after);
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
