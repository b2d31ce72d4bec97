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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.BsonDocument;

/**
 * How far each projection has come in each partition of the log: a document per partition with a field per generation of a read model.
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

    /**
     * Forgets what is kept under these names.
     *
     * @throws com.mongodb.MongoException when the server is away
     */
    public void forget(Collection<String> keys) {
        if (!keys.isEmpty()) {
            collection.updateMany(
                    new BsonDocument(),
                    Updates.combine(keys.stream().map(Updates::unset).toList()));
        }
    }

    /** The last offset of the partition that all of these projections, by their keys, have applied, or empty when one has none. */
    public OptionalLong last(Collection<String> projections, int partition) {
        BsonDocument found = collection.find(Filters.eq("_id", partition)).first();
        return found != null && found.keySet().containsAll(projections)
                ? projections.stream()
                        .mapToLong(projection -> found.getInt64(projection).getValue())
                        .min()
                : OptionalLong.empty();
    }

    /** By the projections' keys and partition: the last offset applied, where one was. */
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
        Map<Integer, Map<String, Long>> numbers = new HashMap<>();
        offsets.forEach((partition, offset) -> numbers.put(
                partition, projections.stream().collect(Collectors.toMap(Function.identity(), key -> offset))));
        store(numbers);
    }

    /** Notes numbers of some partitions, by the names under which they are kept; none ever goes back. */
    public void store(Map<Integer, Map<String, Long>> numbers) {
        List<WriteModel<BsonDocument>> writes = new ArrayList<>();
        numbers.forEach((partition, fields) -> writes.add(new UpdateOneModel<>(
                Filters.eq("_id", partition),
                Updates.combine(fields.entrySet().stream()
                        .map(field -> Updates.max(field.getKey(), field.getValue()))
                        .toList()),
                UPSERT)));
        // Two first writers of one partition may collide on the key; the second attempt finds the document.
        Attempts.untilTaken(() -> GuardedWrites.tryAll(collection, writes));
    }
}
