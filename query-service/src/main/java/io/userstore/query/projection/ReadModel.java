package io.userstore.query.projection;

import io.userstore.query.mongo.CollectionIndexes;
import java.util.List;
import java.util.function.Function;

/**
 * What a read model is, whichever of its generations is read.
 *
 * @param name a short name in lower case, for example {@code users}; what reports, metrics and the API call it
 * @param version of its documents' form, from 1; a greater one is filled anew, in collections of its own
 * @param looksIntoPersonal whether its projection needs what is personal in events opened
 * @param collections all that it keeps, without the suffix of a generation, with the indexes that reads need
 * @param projections what fills a generation; each call makes another, and all of one generation may be used side by side
 */
public record ReadModel(
        String name,
        int version,
        boolean looksIntoPersonal,
        List<CollectionIndexes> collections,
        Function<Generation, Projection> projections) {

    public ReadModel {
        collections = List.copyOf(collections);
    }

    public Generation generation(int number) {
        return new Generation(name, version, number);
    }
}
