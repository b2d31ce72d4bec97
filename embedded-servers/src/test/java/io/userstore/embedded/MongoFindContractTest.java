package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MongoFindContractTest extends MongoContract {

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.find/")
    void findsByIdAndByListOfIds() {
        insert("{_id: 'a', n: 1}", "{_id: 'b', n: 2}", "{_id: 'c', n: 3}");
        assertThat(users.find(Filters.eq("_id", "b")).first()).isEqualTo(json("{_id: 'b', n: 2}"));
        assertThat(users.find(Filters.eq("_id", "x")).first()).isNull();
        assertThat(ids("{_id: {$in: ['c', 'a', 'x', 'a']}}")).containsExactly("a", "c");
        assertThat(ids("{_id: {$in: []}}")).isEmpty();
        assertThat(ids("{_id: {$in: ['a', 'b']}, n: 2}")).containsExactly("b");
        assertThat(ids("{_id: {$gt: 'a'}}")).containsExactly("b", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{application: 1, email: 1}", "{application: -1, email: -1}", "{email: 1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/core/indexes/index-types/index-compound/")
    void findsByTwoFieldsWithAnyIndex(String index) {
        createIndex(index);
        insert(
                "{_id: 1, application: 'x', email: 'a@x'}",
                "{_id: 2, application: 'x', email: 'b@x'}",
                "{_id: 3, application: 'y', email: 'a@x'}");
        assertThat(ids("{application: 'x', email: 'a@x'}")).containsExactly(1);
        assertThat(ids("{email: 'a@x', application: 'y'}")).containsExactly(3);
        assertThat(ids("{application: 'x'}")).containsExactly(1, 2);
        assertThat(ids("{application: 'x', email: {$in: ['b@x', 'c@x']}}")).containsExactly(2);
        assertThat(ids("{application: {$in: ['x', 'y']}, email: 'a@x'}")).containsExactly(1, 3);
        assertThat(ids("{application: 'x', email: {$ne: 'a@x'}}")).containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{application: 1, cursor: 1}", "{application: 1, cursor: -1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/tutorial/sort-results-with-indexes/")
    void pagesThroughARangeInOrder(String index) {
        createIndex(index);
        users.insertMany(IntStream.range(0, 1000)
                .mapToObj(i -> new Document("_id", i)
                        .append("application", i % 2 == 0 ? "x" : "y")
                        .append("cursor", (long) i))
                .toList());
        assertThat(idsInOrder(json("{application: 'x', cursor: {$gt: 500}}"), json("{cursor: 1}"), 3))
                .containsExactly(502, 504, 506);
        assertThat(idsInOrder(json("{application: 'x', cursor: {$gte: 500}}"), json("{cursor: 1}"), 2))
                .containsExactly(500, 502);
        assertThat(idsInOrder(json("{application: 'x', cursor: {$lt: 500}}"), json("{cursor: -1}"), 3))
                .containsExactly(498, 496, 494);
        assertThat(idsInOrder(json("{application: 'x', cursor: {$lte: 500, $gt: 496}}"), json("{cursor: -1}"), 9))
                .containsExactly(500, 498);
        assertThat(idsInOrder(json("{application: 'x'}"), json("{cursor: 1}"), 0))
                .hasSize(500)
                .startsWith(0, 2, 4)
                .endsWith(996, 998);
        assertThat(users.find(json("{application: 'y'}"))
                        .sort(json("{cursor: 1}"))
                        .skip(498))
                .extracting(document -> document.get("_id"))
                .containsExactly(997, 999);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{group: 1, name: 1}", "{group: 1, name: -1}", "{name: 1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/cursor.sort/")
    void sortsByTwoFields(String index) {
        createIndex(index);
        insert(
                "{_id: 1, group: 1, name: 'b'}",
                "{_id: 2, group: 2, name: 'a'}",
                "{_id: 3, group: 1, name: 'a'}",
                "{_id: 4, group: 2, name: 'b'}");
        assertThat(idsInOrder(json("{}"), json("{group: 1, name: 1}"), 0)).containsExactly(3, 1, 2, 4);
        assertThat(idsInOrder(json("{}"), json("{group: 1, name: -1}"), 0)).containsExactly(1, 3, 4, 2);
        assertThat(idsInOrder(json("{}"), json("{group: -1, name: 1}"), 0)).containsExactly(2, 4, 3, 1);
        assertThat(idsInOrder(json("{}"), json("{group: -1, name: -1}"), 3)).containsExactly(4, 2, 1);
        assertThat(idsInOrder(json("{}"), json("{name: 1, _id: -1}"), 0)).containsExactly(3, 2, 4, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{value: 1}", "{value: -1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/")
    void sortsTypesInTheirOrder(String index) {
        createIndex(index);
        List<Object> ascending = List.of(
                -1.5,
                2,
                3L,
                "",
                "a",
                "b",
                new Document("x", 1),
                new Binary(new byte[] {1}),
                new ObjectId("650000000000000000000000"),
                false,
                true,
                new Date(0),
                new Date(1));
        users.insertOne(new Document("_id", 0).append("value", null));
        for (int i = 0; i < ascending.size(); i++) {
            users.insertOne(new Document("_id", i + 1).append("value", ascending.get(i)));
        }
        Object[] expected = IntStream.rangeClosed(0, ascending.size()).boxed().toArray();
        assertThat(idsInOrder(json("{}"), json("{value: 1}"), 0)).containsExactly(expected);
        assertThat(idsInOrder(json("{}"), json("{value: -1}"), 0).reversed()).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{field: 1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/tutorial/query-for-null-fields/")
    void nullMeansNullOrMissing(String index) {
        createIndex(index);
        insert("{_id: 1, field: null}", "{_id: 2}", "{_id: 3, field: 0}", "{_id: 4, field: []}", "{_id: 5, field: ''}");
        assertThat(ids("{field: null}")).containsExactly(1, 2);
        assertThat(ids("{field: {$ne: null}}")).containsExactly(3, 4, 5);
        assertThat(ids("{field: {$in: [null, 0]}}")).containsExactly(1, 2, 3);
        assertThat(ids("{field: {$exists: false}}")).containsExactly(2);
        assertThat(ids("{field: {$exists: true}}")).containsExactly(1, 3, 4, 5);
        assertThat(ids("{field: {$ne: 0}}")).containsExactly(1, 2, 4, 5);
        assertThat(ids("{field: {$lt: 1}}")).containsExactly(3);
        assertThat(idsInOrder(json("{_id: {$in: [1, 3]}}"), json("{field: 1}"), 0))
                .containsExactly(1, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{name: 1}", "{name: -1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/reference/operator/query/regex/")
    void findsByPrefixOfAString(String index) {
        createIndex(index);
        insert(
                "{_id: 1, name: 'ada'}",
                "{_id: 2, name: 'adam'}",
                "{_id: 3, name: 'bob'}",
                "{_id: 4, name: 'xada'}",
                "{_id: 5, name: 'a.b'}",
                "{_id: 6, name: 5}",
                "{_id: 7}");
        assertThat(ids("{name: {$regex: '^ada'}}")).containsExactly(1, 2);
        assertThat(ids("{name: /^ada/}")).containsExactly(1, 2);
        assertThat(ids("{name: /^ada$/}")).containsExactly(1);
        assertThat(ids("{name: /^a\\.b/}")).containsExactly(5);
        assertThat(ids("{name: /^adx*a/}")).containsExactly(1, 2);
        assertThat(ids("{name: /ada/}")).containsExactly(1, 2, 4);
        assertThat(ids("{name: {$regex: '^ADA', $options: 'i'}}")).containsExactly(1, 2);
        assertThat(ids("{name: /^bob|^ada$/}")).containsExactly(1, 3);
        assertThat(ids("{name: {$not: /^ad/}}")).containsExactly(3, 4, 5, 6, 7);
        assertThat(ids(Filters.regex("name", Pattern.compile("^" + Pattern.quote("a.b")))))
                .containsExactly(5);
        assertThat(ids("{name: {$in: [/^ad/, 'bob']}}")).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{words: 1}", "{application: 1, words: 1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/tutorial/query-arrays/")
    void anyElementOfAnArrayMayMatch(String index) {
        createIndex(index);
        insert(
                "{_id: 1, application: 'x', words: ['ada', 'love']}",
                "{_id: 2, application: 'x', words: ['adam']}",
                "{_id: 3, application: 'y', words: ['ada']}",
                "{_id: 4, application: 'x', words: []}",
                "{_id: 5, application: 'x', words: 'ada'}");
        assertThat(ids("{words: 'ada'}")).containsExactly(1, 3, 5);
        assertThat(ids("{application: 'x', words: /^ad/}")).containsExactly(1, 2, 5);
        // One element may be greater and another less.
        assertThat(ids("{words: {$gt: 'lo', $lt: 'b'}}")).containsExactly(1);
        assertThat(ids("{words: {$gt: 'adb', $lt: 'adaa'}}")).containsExactly(1);
        assertThat(ids("{words: ['ada', 'love']}")).containsExactly(1);
        assertThat(ids("{words: {$size: 0}}")).containsExactly(4);
        assertThat(ids("{words: {$all: ['love', 'ada']}}")).containsExactly(1);
        assertThat(ids("{words: {$ne: 'ada'}}")).containsExactly(2, 4);
        assertThat(users.find(json("{words: {$in: ['ada', 'love']}}"))).hasSize(3);
        assertThat(users.countDocuments(json("{words: {$gte: 'a'}}"))).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'roles.name': 1}", "{'roles.name': 1, 'roles.level': 1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/reference/operator/query/elemMatch/")
    void elemMatchAsksOneElementForAll(String index) {
        createIndex(index);
        insert(
                "{_id: 1, roles: [{name: 'admin', level: 1}, {name: 'user', level: 9}]}",
                "{_id: 2, roles: [{name: 'admin', level: 9}]}",
                "{_id: 3, roles: []}",
                "{_id: 4}");
        assertThat(ids("{roles: {$elemMatch: {name: 'admin', level: {$gt: 5}}}}"))
                .containsExactly(2);
        assertThat(ids("{'roles.name': 'admin', 'roles.level': {$gt: 5}}")).containsExactly(1, 2);
        assertThat(ids("{'roles.name': 'user', 'roles.level': 1}")).containsExactly(1);
        assertThat(ids("{'roles.0.name': 'admin'}")).containsExactly(1, 2);
        assertThat(ids("{'roles.name': 'user'}")).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{a: 1}", "{b: 1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/reference/operator/query-logical/")
    void combinesConditions(String index) {
        createIndex(index);
        createIndex("{b: 1}");
        insert("{_id: 1, a: 1, b: 1}", "{_id: 2, a: 1, b: 2}", "{_id: 3, a: 2, b: 2}", "{_id: 4, c: 1}");
        assertThat(ids("{$or: [{a: 2}, {b: 1}]}")).containsExactly(1, 3);
        assertThat(ids("{$or: [{a: 1}, {b: 2}]}")).containsExactly(1, 2, 3);
        assertThat(ids("{$and: [{a: 1}, {$or: [{b: 2}, {c: 1}]}]}")).containsExactly(2);
        assertThat(ids("{a: 1, $and: [{b: {$gt: 0}}, {b: {$lt: 2}}]}")).containsExactly(1);
        assertThat(ids("{$nor: [{a: 1}, {c: 1}]}")).containsExactly(3);
        assertThat(ids("{a: {$not: {$gt: 1}}}")).containsExactly(1, 2, 4);
        assertThat(ids("{a: {$nin: [1, null]}}")).containsExactly(3);
        assertThat(users.find(json("{$or: [{a: 1}, {b: 2}]}"))).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{value: 1}", "{value: -1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.find/#type-bracketing")
    void comparesOnlyWithinAType(String index) {
        createIndex(index);
        insert(
                "{_id: 1, value: 5}",
                "{_id: 2, value: '5'}",
                "{_id: 3, value: null}",
                "{_id: 4, value: {$date: '2024-01-01T00:00:00Z'}}",
                "{_id: 5, value: true}");
        assertThat(ids("{value: {$gt: 1}}")).containsExactly(1);
        assertThat(ids("{value: {$gt: ''}}")).containsExactly(2);
        assertThat(ids("{value: {$lt: 'zzz'}}")).containsExactly(2);
        assertThat(ids("{value: {$gte: false}}")).containsExactly(5);
        assertThat(ids(Filters.lt("value", new Date()))).containsExactly(4);
        assertThat(ids("{value: {$gte: null}}")).containsExactly(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{value: 1}", "{value: -1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/#numeric-types")
    void comparesNumbersOfDifferentTypes(String index) {
        createIndex(index);
        users.insertMany(List.of(
                new Document("_id", 1).append("value", 1),
                new Document("_id", 2).append("value", 1L),
                new Document("_id", 3).append("value", 1.0),
                new Document("_id", 4).append("value", 1.5),
                new Document("_id", 5).append("value", Long.MAX_VALUE),
                new Document("_id", 6).append("value", Long.MAX_VALUE - 1),
                new Document("_id", 7).append("value", Long.MIN_VALUE),
                new Document("_id", 8).append("value", -0.0),
                new Document("_id", 9).append("value", Decimal128.parse("2.5"))));
        assertThat(ids("{value: 1}")).containsExactly(1, 2, 3);
        assertThat(ids("{value: {$gt: 1}}")).containsExactly(4, 5, 6, 9);
        assertThat(ids(Filters.eq("value", Long.MAX_VALUE))).containsExactly(5);
        assertThat(ids(Filters.gte("value", Long.MAX_VALUE))).containsExactly(5);
        assertThat(ids("{value: 0}")).containsExactly(8);
        assertThat(ids("{value: {$lt: 0}}")).containsExactly(7);
        assertThat(idsInOrder(json("{value: {$gt: 1}}"), json("{value: 1}"), 0)).containsExactly(4, 9, 6, 5);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/tutorial/project-fields-from-query-results/")
    void projectsFields() {
        insert("{_id: 1, name: 'Ada', secret: 's', address: {city: 'London', zip: '1'}, tags: ['a', 'b']}");
        assertThat(projected("{name: 1}")).isEqualTo(json("{_id: 1, name: 'Ada'}"));
        assertThat(projected("{name: 1, _id: 0}")).isEqualTo(json("{name: 'Ada'}"));
        assertThat(projected("{secret: 0, tags: 0}"))
                .isEqualTo(json("{_id: 1, name: 'Ada', address: {city: 'London', zip: '1'}}"));
        assertThat(projected("{'address.city': 1}")).isEqualTo(json("{_id: 1, address: {city: 'London'}}"));
        assertThat(projected("{'address.city': 0, tags: 0, secret: 0}"))
                .isEqualTo(json("{_id: 1, name: 'Ada', address: {zip: '1'}}"));
        assertThat(users.find().projection(Projections.include("nothing")).first())
                .isEqualTo(json("{_id: 1}"));
    }

    private @Nullable Document projected(String projection) {
        return users.find().projection(json(projection)).first();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{name: 1}", "{name: -1}"})
    @DisplayName("https://www.mongodb.com/docs/manual/reference/bson-types/#string")
    void keepsAnyTextAndOrdersItByCodePoint(String index) {
        createIndex(index);
        List<String> ascending = List.of("", "a", "a\u0000b", "ab", "ä", "日本", "\uFFFD", "😀", "😀a");
        for (int i = 0; i < ascending.size(); i++) {
            users.insertOne(new Document("_id", i).append("name", ascending.get(i)));
        }
        for (int i = 0; i < ascending.size(); i++) {
            assertThat(ids(Filters.eq("name", ascending.get(i)))).containsExactly(i);
        }
        assertThat(idsInOrder(json("{}"), json("{name: 1}"), 0))
                .containsExactly(IntStream.range(0, ascending.size()).boxed().toArray());
        assertThat(ids("{name: /^😀/}")).containsExactly(7, 8);
        assertThat(ids(Filters.gt("name", "\uFFFD"))).containsExactly(7, 8);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/bson-types/")
    void returnsValuesAsTheyWereGiven() {
        Document document = new Document("_id", "日本😀")
                .append("int", 1)
                .append("long", 1L)
                .append("double", 1.0)
                .append("date", new Date(1_700_000_000_123L))
                .append("binary", new Binary(new byte[] {0, 1, -1}))
                .append("uuid", new Binary(org.bson.BsonBinarySubType.UUID_STANDARD, new byte[16]))
                .append("decimal", Decimal128.parse("1.10"))
                .append("null", null)
                .append("empty", "")
                .append("ключ", List.of(1, "x", List.of(), new Document()));
        users.insertOne(document);
        assertThat(users.find(Filters.eq("_id", "日本😀")).first()).isEqualTo(document);
        assertThat(users.find(Filters.eq("ключ", "x")).first()).isEqualTo(document);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/limits/#bson-documents")
    void keepsADocumentOfAMegabyte() {
        String text = "x".repeat(1_000_000);
        users.insertOne(new Document("_id", 1).append("text", text));
        assertThat(users.find(Filters.eq("_id", 1)).first()).containsEntry("text", text);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.countDocuments/")
    void countsDocuments() {
        createIndex("{group: 1}");
        users.insertMany(IntStream.range(0, 100)
                .mapToObj(i -> new Document("_id", i).append("group", i % 4).append("n", i))
                .toList());
        assertThat(users.countDocuments()).isEqualTo(100);
        assertThat(users.estimatedDocumentCount()).isEqualTo(100);
        assertThat(users.countDocuments(json("{group: 1}"))).isEqualTo(25);
        assertThat(users.countDocuments(json("{group: {$gt: 1}}"))).isEqualTo(50);
        assertThat(users.countDocuments(json("{group: {$in: [0, 3, 3, 9]}}"))).isEqualTo(50);
        assertThat(users.countDocuments(json("{group: 1, n: {$lt: 10}}"))).isEqualTo(3);
        assertThat(users.countDocuments(json("{group: 7}"))).isZero();
        assertThat(users.countDocuments(json("{group: 1}"), new com.mongodb.client.model.CountOptions().limit(7)))
                .isEqualTo(7);
        assertThat(database.getCollection("none-" + UUID.randomUUID()).countDocuments())
                .isZero();
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/aggregation/")
    void aggregates() {
        insert(
                "{_id: 1, day: 'mo', application: 'x', n: 1}",
                "{_id: 2, day: 'mo', application: 'x', n: 2}",
                "{_id: 3, day: 'tu', application: 'x', n: 4}",
                "{_id: 4, day: 'tu', application: 'y', n: 8}");
        assertThat(users.aggregate(List.of(
                        json("{$match: {application: 'x'}}"),
                        json("{$group: {_id: '$day', sum: {$sum: '$n'}}}"),
                        json("{$sort: {_id: 1}}"))))
                .containsExactly(json("{_id: 'mo', sum: 3}"), json("{_id: 'tu', sum: 4}"));
        assertThat(users.aggregate(List.of(json("{$match: {n: {$gt: 1}}}"), json("{$count: 'total'}"))))
                .containsExactly(json("{total: 3}"));
        assertThat(users.aggregate(
                        List.of(json("{$match: {application: 'x'}}"), json("{$sort: {n: -1}}"), json("{$limit: 1}"))))
                .extracting(document -> document.get("_id"))
                .containsExactly(3);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.distinct/")
    void findsDistinctValues() {
        insert("{_id: 1, a: 'x'}", "{_id: 2, a: 'y'}", "{_id: 3, a: 'x'}");
        assertThat(users.distinct("a", String.class)).containsExactlyInAnyOrder("x", "y");
        assertThat(users.distinct("a", json("{_id: {$gt: 1}}"), String.class)).containsExactlyInAnyOrder("x", "y");
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/error-codes/")
    void refusesANonsensicalQuery() {
        insert("{_id: 1}");
        assertThatThrownBy(() -> ids("{$or: []}"))
                .isInstanceOfSatisfying(
                        MongoCommandException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(2));
        assertThatThrownBy(() -> ids("{a: {$unknown: 1}}")).isInstanceOf(MongoCommandException.class);
        assertThatThrownBy(() -> ids("{a: {$in: 5}}")).isInstanceOf(MongoCommandException.class);
    }

    private void createIndex(String keys) {
        if (!json(keys).isEmpty()) {
            users.createIndex(json(keys));
        }
    }
}
