package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to find.
 *
 * @param skip how many documents to leave out, 0 or more
 * @param limit the most documents to return, 0 for all
 * @param projection null or empty for whole documents
 */
record Find(
        Filter filter,
        Sort sort,
        long skip,
        long limit,
        @Nullable Document projection) {

    static Find all(Filter filter) {
        return new Find(filter, Sort.NONE, 0, 0, null);
    }

    static Find first(Filter filter) {
        return new Find(filter, Sort.NONE, 0, 1, null);
    }

    /** How many documents are read before reading may stop. */
    long wanted() {
        return limit == 0 ? Long.MAX_VALUE : skip + limit;
    }

    boolean isWhole() {
        return projection == null || projection.isEmpty();
    }
}
