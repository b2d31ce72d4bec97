package io.userstore.query.projection;

import com.mongodb.client.MongoDatabase;
import io.userstore.query.mongo.CollectionIndexes;
import java.util.List;
import java.util.function.Function;

/**
 * What a read model is, whichever of its generations is read.
 *
 * @param name a short name in lower case, for example {@code users}; what reports, metrics and the API call it
 * @param version of its documents' form, from 1; a greater one is filled anew, in collections of its own
 * @param looksIntoPersonal whether its projection needs what is personal in events opened
 * @param findsById whether its projection finds documents by their ids alone, so that indexes can be made once all are there
 * @param collections all that it keeps, without the suffix of a generation, with the indexes that reads need
 * @param projections what fills a generation; each call makes another, and all of one generation may be used side by side
 */
public record ReadModel(
        String name,
        int version,
        boolean looksIntoPersonal,
        boolean findsById,
        List<CollectionIndexes> collections,
        Function<Generation, Projection> projections) {

    public ReadModel {
        collections = List.copyOf(collections);
    }

    /**
     * Makes the indexes of a generation, one after the other; changes nothing where they are.
     *
     * @throws com.mongodb.MongoException when the server is away, or does not finish in time: it goes on then
     */
    public void createIndexes(MongoDatabase database, Generation generation) {
        collections.forEach(each -> each.createIn(database, generation.collection(each.collection())));
    }

    public Generation generation(int number) {
        return new Generation(name, version, number);
    }
}
