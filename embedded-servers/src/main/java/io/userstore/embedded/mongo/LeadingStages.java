package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stages a pipeline begins with that are a query: {@code $match}, {@code $sort} and {@code $limit}, in this order.
 *
 * @param rest the stages after them
 */
record LeadingStages(Find find, List<Document> rest) {

    /** What drivers send for {@code countDocuments}. */
    private static final Document COUNT_DOCUMENTS =
            new Document("$group", new Document("_id", 1).append("n", new Document("$sum", 1)));

    static LeadingStages of(List<Document> pipeline) {
        int next = 0;
        Filter filter = Filter.EVERYTHING;
        if (stage(pipeline, next, "$match") instanceof Document query) {
            filter = FilterParser.parse(query);
            next++;
        }
        Sort sort = Sort.NONE;
        if (stage(pipeline, next, "$sort") instanceof Document orderBy) {
            sort = Sort.parse(orderBy);
            next++;
        }
        long limit = 0;
        if (stage(pipeline, next, "$limit") instanceof Number number && number.longValue() > 0) {
            limit = number.longValue();
            next++;
        }
        return new LeadingStages(new Find(filter, sort, 0, limit, null), pipeline.subList(next, pipeline.size()));
    }

    boolean isCount() {
        return find.limit() == 0 && rest.size() == 1 && rest.getFirst().equals(COUNT_DOCUMENTS);
    }

    private static @Nullable Object stage(List<Document> pipeline, int position, String name) {
        return position < pipeline.size() ? pipeline.get(position).get(name) : null;
    }
}
