package io.userstore.query.projection;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.bson.BsonDocument;

/**
 * How far each projection has come in each partition of the log: a document per partition with a field per projection.
 * Kept beside the read models, so that both are lost, restored and thrown away together. Thread-safe.
 */
public final class Progress {
    /** The collection's name. */
    public static final String COLLECTION = "progress";

    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

    private final MongoCollection<BsonDocument> collection;

    public Progress(MongoDatabase database) {
        this(database, COLLECTION);
    }

    /** For another log than that of events, in a collection of its own. */
    public Progress(MongoDatabase database, String collection) {
        this.collection = database.getCollection(collection, BsonDocument.class);
    }

    /** The last offset of the partition that all of these projections have applied, or empty when one has none. */
    public OptionalLong last(Collection<String> projections, int partition) {
        BsonDocument found = collection.find(Filters.eq("_id", partition)).first();
        return found != null && found.keySet().containsAll(projections)
                ? projections.stream()
                        .mapToLong(projection -> found.getInt64(projection).getValue())
                        .min()
                : OptionalLong.empty();
    }

    /** By projection and partition: the last offset applied, where one was. */
    public Map<String, Map<Integer, Long>> all() {
        Map<String, Map<Integer, Long>> all = new HashMap<>();
        for (BsonDocument found : collection.find()) {
            int partition = found.getInt32("_id").getValue();
            found.forEach((field, offset) -> {
                if (offset.isInt64()) {
                    all.computeIfAbsent(field, key -> new HashMap<>())
                            .put(partition, offset.asInt64().getValue());
                }
            });
        }
        return all;
    }

    /** Notes the last offset applied of some partitions; never goes back, so that a late writer does no harm. */
    public void store(Collection<String> projections, Map<Integer, Long> offsets) {
        List<WriteModel<BsonDocument>> writes = new ArrayList<>();
        offsets.forEach((partition, offset) -> writes.add(new UpdateOneModel<>(
                Filters.eq("_id", partition),
                Updates.combine(projections.stream()
                        .map(projection -> Updates.max(projection, offset))
                        .toList()),
                UPSERT)));
        // Two first writers of one partition may collide on the key; the second attempt finds the document.
        Attempts.untilTaken(() -> GuardedWrites.tryAll(collection, writes));
    }
}
