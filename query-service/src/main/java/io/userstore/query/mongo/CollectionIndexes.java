package io.userstore.query.mongo;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.Indexes;
import java.util.Arrays;
import java.util.List;

/**
 * The indexes that the reads of one collection need; created at start, which changes nothing when they are there.
 *
 * @param indexes the fields of each index, in their order, all ascending
 */
public record CollectionIndexes(String collection, List<List<String>> indexes) {
    public CollectionIndexes {
        indexes = List.copyOf(indexes);
    }

    /** One index of the fields, for {@link CollectionIndexes}. */
    public static List<String> on(String... fields) {
        return Arrays.asList(fields);
    }

    /** @throws com.mongodb.MongoException when the server is away */
    public void createIn(MongoDatabase database) {
        database.getCollection(collection)
                .createIndexes(indexes.stream()
                        .map(fields -> new IndexModel(Indexes.ascending(fields)))
                        .toList());
    }
}
