package io.userstore.query.mongo;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import java.util.Arrays;
import java.util.List;

/**
 * The indexes that the reads of one collection need; creating them changes nothing when they are there.
 *
 * @param collection its name, or the part of it that all generations have
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

    /**
     * Creates them in a collection of that name.
     *
     * @throws com.mongodb.MongoException when the server is away
     */
    public void createIn(MongoDatabase database, String name) {
        // One at a time, so that none of them takes longer than a client waits.
        for (List<String> fields : indexes) {
            database.getCollection(name).createIndex(Indexes.ascending(fields));
        }
    }
}
