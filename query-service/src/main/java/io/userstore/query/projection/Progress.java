package io.userstore.query.projection;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.bson.BsonDocument;

/**
 * How far each projection has come in each partition of the log. Kept beside the read models, so that both are lost,
 * restored and thrown away together. Thread-safe.
 */
public final class Progress {
    /** The collection's name. */
    public static final String COLLECTION = "progress";

    private static final String OFFSET = "offset";
    private static final char SEPARATOR = '|';
    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

    private final MongoCollection<BsonDocument> collection;

    public Progress(MongoDatabase database) {
        this.collection = database.getCollection(COLLECTION, BsonDocument.class);
    }

    /** The last offset applied, or empty when none was. */
    public OptionalLong last(String projection, int partition) {
        BsonDocument found =
                collection.find(Filters.eq("_id", key(projection, partition))).first();
        return found == null
                ? OptionalLong.empty()
                : OptionalLong.of(found.getInt64(OFFSET).getValue());
    }

    /** The last offset applied of each of the partitions that have one. */
    public Map<Integer, Long> all(String projection) {
        Map<Integer, Long> all = new HashMap<>();
        String from = projection + SEPARATOR;
        String to = projection + (char) (SEPARATOR + 1);
        for (BsonDocument found : collection.find(Filters.and(Filters.gte("_id", from), Filters.lt("_id", to)))) {
            int partition = Integer.parseInt(found.getString("_id").getValue().substring(from.length()));
            all.put(partition, found.getInt64(OFFSET).getValue());
        }
        return all;
    }

    /** Notes the last offset applied of some partitions; never goes back, so that a late writer does no harm. */
    public void store(String projection, Map<Integer, Long> offsets) {
        List<WriteModel<BsonDocument>> writes = new ArrayList<>();
        offsets.forEach((partition, offset) -> writes.add(new UpdateOneModel<>(
                Filters.eq("_id", key(projection, partition)), Updates.max(OFFSET, offset), UPSERT)));
        // Two first writers of one partition may collide on the key; the second attempt finds the document.
        Attempts.untilTaken(() -> GuardedWrites.tryAll(collection, writes));
    }

    /** How a partition's progress of a projection is named, here and as the key of progress reports. */
    public static String key(String projection, int partition) {
        return projection + SEPARATOR + partition;
    }
}
