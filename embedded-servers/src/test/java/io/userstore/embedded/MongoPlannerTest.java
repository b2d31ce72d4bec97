package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.IndexOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random filters, sorts and limits over random documents: whichever index is chosen, the answer is that of going through all
 * documents one by one. Whole numbers, texts, null and missing fields; one field in six is an array.
 */
class MongoPlannerTest extends MongoContract {

    private static final List<String> FIELDS = List.of("a", "b", "c");
    private static final int DOCUMENTS = 400;
    private static final int QUERIES = 400;

    private final Map<Integer, Document> expected = new TreeMap<>();
    private Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    @DisplayName("https://www.mongodb.com/docs/manual/core/query-plans/")
    void anyIndexGivesTheSameAnswer(long seed) {
        random = new Random(seed);
        boolean withArrays = seed % 2 == 0;
        createRandomIndexes();
        for (int id = 0; id < DOCUMENTS; id++) {
            Document document = randomDocument(id, withArrays);
            expected.put(id, document);
            users.insertOne(document);
        }
        for (int i = 0; i < QUERIES; i++) {
            changeOneDocument(withArrays);
            assertSameAnswer(randomFilter(2), randomSort());
        }
    }

    private void createRandomIndexes() {
        for (int i = 0; i < 3; i++) {
            Document keys = new Document();
            for (int field = 0; field <= random.nextInt(3); field++) {
                keys.put(pick(FIELDS), random.nextBoolean() ? 1 : -1);
            }
            boolean isSparse = random.nextInt(5) == 0;
            users.createIndex(keys, new IndexOptions().sparse(isSparse));
        }
    }

    private Document randomDocument(int id, boolean withArrays) {
        Document document = new Document("_id", id);
        int arrayAt = withArrays && random.nextInt(2) == 0 ? random.nextInt(FIELDS.size()) : -1;
        for (int i = 0; i < FIELDS.size(); i++) {
            if (i == arrayAt) {
                document.put(
                        FIELDS.get(i),
                        Stream.generate(this::randomValue)
                                .limit(random.nextInt(4))
                                .toList());
            } else if (random.nextInt(8) != 0) {
                document.put(FIELDS.get(i), randomValue());
            }
        }
        return document;
    }

    private @Nullable Object randomValue() {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1, 2, 3 -> pick(List.of("", "a", "ab", "abc", "b", "ba"));
            case 4 -> (long) random.nextInt(6);
            default -> random.nextInt(6);
        };
    }

    private void changeOneDocument(boolean withArrays) {
        int id = random.nextInt(DOCUMENTS);
        if (random.nextInt(4) == 0) {
            expected.remove(id);
            users.deleteOne(new Document("_id", id));
        } else if (expected.containsKey(id)) {
            Document document = randomDocument(id, withArrays);
            expected.put(id, document);
            users.replaceOne(new Document("_id", id), document);
        }
    }

    private Document randomFilter(int depth) {
        Document filter = new Document();
        for (int i = random.nextInt(3); i >= 0; i--) {
            filter.put(pick(FIELDS), randomCondition());
        }
        if (depth > 0 && random.nextInt(6) == 0) {
            filter.put(
                    random.nextBoolean() ? "$or" : "$and", List.of(randomFilter(depth - 1), randomFilter(depth - 1)));
        }
        return filter;
    }

    private @Nullable Object randomCondition() {
        return switch (random.nextInt(8)) {
            case 0 ->
                new Document(
                        "$in",
                        Stream.generate(this::randomValue)
                                .limit(random.nextInt(4))
                                .toList());
            case 1 -> new Document(pick(List.of("$gt", "$gte", "$lt", "$lte")), random.nextInt(6));
            case 2 -> new Document("$gte", random.nextInt(3)).append("$lt", 3 + random.nextInt(3));
            case 3 -> new Document(pick(List.of("$gt", "$lte")), pick(List.of("", "a", "ab")));
            case 4 -> new Document("$regex", pick(List.of("^a", "^ab", "^b")));
            case 5 -> new Document("$ne", randomValue());
            default -> randomValue();
        };
    }

    private Document randomSort() {
        Document sort = new Document();
        for (int i = random.nextInt(3); i > 0; i--) {
            sort.put(pick(FIELDS), random.nextBoolean() ? 1 : -1);
        }
        return sort;
    }

    private void assertSameAnswer(Document filter, Document sort) {
        List<Integer> all = expected.values().stream()
                .filter(document -> matches(document, filter))
                .map(MongoPlannerTest::id)
                .toList();
        assertThat(ids(filter)).as("%s", filter.toJson()).isEqualTo(all);
        assertThat(users.countDocuments(filter))
                .as("count of %s", filter.toJson())
                .isEqualTo(all.size());

        int limit = random.nextInt(20);
        Document complete = new Document(sort).append("_id", random.nextBoolean() ? 1 : -1);
        Stream<Integer> sorted = all.stream().sorted(order(complete));
        assertThat(idsInOrder(filter, complete, limit))
                .as("%s sorted by %s, limit %d", filter.toJson(), complete.toJson(), limit)
                .isEqualTo((limit == 0 ? sorted : sorted.limit(limit)).toList());
    }

    // The reference: MongoDB's rules in the plainest form.

    private static boolean matches(Document document, Document filter) {
        return filter.entrySet().stream().allMatch(clause -> switch (clause.getKey()) {
            case "$or" -> filter.getList("$or", Document.class).stream().anyMatch(part -> matches(document, part));
            case "$and" -> filter.getList("$and", Document.class).stream().allMatch(part -> matches(document, part));
            default -> matchesField(document.get(clause.getKey()), clause.getValue());
        });
    }

    private static boolean matchesField(@Nullable Object value, @Nullable Object condition) {
        if (!(condition instanceof Document operators)) {
            return anyValue(value, each -> isEqual(each, condition));
        }
        return operators.entrySet().stream()
                .allMatch(operator -> matchesOperator(value, operator.getKey(), operator.getValue()));
    }

    private static boolean matchesOperator(@Nullable Object value, String operator, @Nullable Object operand) {
        return switch (operator) {
            case "$in" ->
                operand instanceof List<?> list
                        && list.stream().anyMatch(wanted -> anyValue(value, each -> isEqual(each, wanted)));
            case "$ne" -> !anyValue(value, each -> isEqual(each, operand));
            case "$gt" -> anyValue(value, each -> isComparable(each, operand) && compare(each, operand) > 0);
            case "$gte" -> anyValue(value, each -> isComparable(each, operand) && compare(each, operand) >= 0);
            case "$lt" -> anyValue(value, each -> isComparable(each, operand) && compare(each, operand) < 0);
            case "$lte" -> anyValue(value, each -> isComparable(each, operand) && compare(each, operand) <= 0);
            case "$regex" ->
                anyValue(
                        value,
                        each -> each instanceof String text
                                && text.startsWith(String.valueOf(operand).substring(1)));
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private interface Test {
        boolean passes(@Nullable Object value);
    }

    private static boolean anyValue(@Nullable Object value, Test test) {
        return value instanceof List<?> list ? list.stream().anyMatch(test::passes) : test.passes(value);
    }

    private static boolean isEqual(@Nullable Object left, @Nullable Object right) {
        return rank(left) == rank(right) && compare(left, right) == 0;
    }

    private static boolean isComparable(@Nullable Object left, @Nullable Object right) {
        return rank(left) == rank(right);
    }

    private static int compare(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number l && right instanceof Number r) {
            return Long.compare(l.longValue(), r.longValue());
        }
        if (left instanceof String l && right instanceof String r) {
            return l.compareTo(r);
        }
        return Integer.compare(rank(left), rank(right));
    }

    private static int rank(@Nullable Object value) {
        return switch (value) {
            case null -> 1;
            case List<?> empty -> 0;
            case Number number -> 2;
            default -> 3;
        };
    }

    private Comparator<Integer> order(Document sort) {
        return (left, right) -> {
            for (String field : sort.keySet()) {
                boolean isDescending = sort.getInteger(field) < 0;
                int order = compare(
                        sortValue(expected.get(left), field, isDescending),
                        sortValue(expected.get(right), field, isDescending));
                if (order != 0) {
                    return isDescending ? -order : order;
                }
            }
            return 0;
        };
    }

    private static @Nullable Object sortValue(@Nullable Document document, String field, boolean isDescending) {
        Object value = document == null ? null : document.get(field);
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            return value;
        }
        List<@Nullable Object> values = new ArrayList<>(list);
        values.sort(MongoPlannerTest::compare);
        return isDescending ? values.getLast() : values.getFirst();
    }

    private static int id(Document document) {
        return document.getInteger("_id");
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
