package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.WriteConcern;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.FindOneAndDeleteOptions;
import com.mongodb.client.model.FindOneAndReplaceOptions;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.client.result.DeleteResult;
import com.mongodb.client.result.UpdateResult;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bson.BsonInt32;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MongoWriteContractTest extends MongoContract {
    private static final int DATABASE_DROP_PENDING = 215;

    @Test
    @DisplayName(
            "https://www.mongodb.com/docs/manual/reference/method/db.collection.bulkWrite/#execution-of-operations")
    void orderedBulkStopsAtTheFirstError() {
        insert("{_id: 1}");
        MongoBulkWriteException failure = catchThrowableOfType(
                MongoBulkWriteException.class,
                () -> users.bulkWrite(List.of(insertion(0), insertion(1), insertion(2))));
        assertThat(failure.getWriteErrors()).singleElement().satisfies(error -> {
            assertThat(error.getIndex()).isEqualTo(1);
            assertThat(error.getCode()).isEqualTo(DUPLICATE_KEY);
        });
        assertThat(failure.getWriteResult().getInsertedCount()).isEqualTo(1);
        assertThat(ids("{}")).containsExactly(0, 1);
    }

    @Test
    @DisplayName(
            "https://www.mongodb.com/docs/manual/reference/method/db.collection.bulkWrite/#execution-of-operations")
    void unorderedBulkGoesOn() {
        insert("{_id: 1}");
        MongoBulkWriteException failure = catchThrowableOfType(
                MongoBulkWriteException.class,
                () -> users.bulkWrite(
                        List.of(insertion(0), insertion(1), insertion(2)), new BulkWriteOptions().ordered(false)));
        assertThat(failure.getWriteErrors()).hasSize(1);
        assertThat(ids("{}")).containsExactly(0, 1, 2);
    }

    @Test
    @DisplayName(
            "https://www.mongodb.com/docs/manual/reference/method/db.collection.bulkWrite/#execution-of-operations")
    void orderedBulkOfReplacementsStopsAtTheFirstError() {
        users.createIndex(json("{email: 1}"), new com.mongodb.client.model.IndexOptions().unique(true));
        insert("{_id: 1, email: 'a'}", "{_id: 2, email: 'b'}", "{_id: 3, email: 'c'}");
        List<WriteModel<Document>> writes = List.of(
                replacement("{_id: 1}", "{email: 'x'}"),
                replacement("{_id: 2}", "{email: 'c'}"),
                replacement("{_id: 3}", "{email: 'y'}"));
        assertThatThrownBy(() -> users.bulkWrite(writes)).isInstanceOf(MongoBulkWriteException.class);
        assertThat(users.find().sort(json("{_id: 1}")))
                .extracting(document -> document.get("email"))
                .containsExactly("x", "b", "c");
        assertThatThrownBy(() -> users.bulkWrite(writes, new BulkWriteOptions().ordered(false)))
                .isInstanceOf(MongoBulkWriteException.class);
        assertThat(users.find().sort(json("{_id: 1}")))
                .extracting(document -> document.get("email"))
                .containsExactly("x", "b", "y");
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.insertMany/")
    void insertManyKeepsItsOrderPromise() {
        insert("{_id: 1}");
        List<Document> documents = List.of(json("{_id: 0}"), json("{_id: 1}"), json("{_id: 2}"));
        assertThatThrownBy(() -> users.insertMany(documents)).isInstanceOf(MongoBulkWriteException.class);
        assertThat(ids("{}")).containsExactly(0, 1);
        assertThatThrownBy(() -> users.insertMany(documents, new InsertManyOptions().ordered(false)))
                .isInstanceOf(MongoBulkWriteException.class);
        assertThat(ids("{}")).containsExactly(0, 1, 2);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.bulkWrite/")
    void bulkMixesAllKindsOfWrites() {
        insert("{_id: 1, n: 1}", "{_id: 2, n: 2}", "{_id: 3, n: 2}");
        BulkWriteResult result = users.bulkWrite(List.of(
                insertion(9),
                replacement("{_id: 1}", "{n: 5}"),
                new UpdateOneModel<>(json("{_id: 4}"), json("{$inc: {n: 1}}"), new UpdateOptions().upsert(true)),
                new DeleteManyModel<>(json("{n: 2}")),
                new DeleteOneModel<>(json("{_id: 77}"))));
        assertThat(result.getInsertedCount()).isEqualTo(1);
        assertThat(result.getModifiedCount()).isEqualTo(1);
        assertThat(result.getUpserts()).singleElement().satisfies(upsert -> {
            assertThat(upsert.getIndex()).isEqualTo(2);
            assertThat(upsert.getId()).isEqualTo(new BsonInt32(4));
        });
        assertThat(result.getDeletedCount()).isEqualTo(2);
        assertThat(ids("{}")).containsExactly(1, 4, 9);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.insertOne/")
    void insertsWithAGeneratedIdFirst() {
        Document document = json("{name: 'Ada'}");
        users.insertOne(document);
        assertThat(document.get("_id")).isInstanceOf(ObjectId.class);
        assertThat(users.find())
                .singleElement()
                .satisfies(stored -> assertThat(stored.keySet()).containsExactly("_id", "name"));
        assertThatThrownBy(() -> users.insertOne(document)).isInstanceOfSatisfying(MongoWriteException.class, e -> {
            assertThat(e.getError().getCategory()).isEqualTo(ErrorCategory.DUPLICATE_KEY);
            assertThat(e.getCode()).isEqualTo(DUPLICATE_KEY);
        });
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.replaceOne/")
    void replacesOnlyWhatTheGuardAllows() {
        insert("{_id: 1, version: 3, name: 'old', gone: true}");
        assertCounts(users.replaceOne(json("{_id: 1, version: {$lt: 3}}"), json("{version: 2}")), 0, 0);
        assertCounts(users.replaceOne(json("{_id: 1, version: {$lt: 5}}"), json("{version: 5, name: 'new'}")), 1, 1);
        assertCounts(users.replaceOne(json("{_id: 1}"), json("{version: 5, name: 'new'}")), 1, 0);
        assertThat(users.find().first()).isEqualTo(json("{_id: 1, version: 5, name: 'new'}"));
        assertCounts(users.replaceOne(json("{_id: 2}"), json("{_id: 2}")), 0, 0);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.replaceOne/#behavior")
    void upsertBehindAGuardThatRefusesIsADuplicateKey() {
        insert("{_id: 1, version: 3}");
        ReplaceOptions upsert = new ReplaceOptions().upsert(true);
        assertThatThrownBy(() -> users.replaceOne(json("{_id: 1, version: {$lt: 3}}"), json("{version: 2}"), upsert))
                .isInstanceOfSatisfying(
                        MongoWriteException.class, e -> assertThat(e.getCode()).isEqualTo(DUPLICATE_KEY));
        UpdateResult inserted = users.replaceOne(json("{_id: 2, version: {$lt: 3}}"), json("{version: 2}"), upsert);
        assertThat(inserted.getMatchedCount()).isZero();
        assertThat(inserted.getUpsertedId()).isEqualTo(new BsonInt32(2));
        assertThat(users.find(json("{_id: 2}")).first()).isEqualTo(json("{_id: 2, version: 2}"));
        UpdateResult named = users.replaceOne(json("{name: 'x'}"), json("{other: 1}"), upsert);
        assertThat(named.getUpsertedId()).isInstanceOf(BsonObjectId.class);
        assertThat(users.find(json("{other: 1}")).first()).doesNotContainKey("name");
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/operator/update/")
    void updatesFieldsWithinFields() {
        users.createIndex(json("{'a.b': 1}"));
        insert("{_id: 1, a: {b: 1, c: 2}, n: 5, list: [1]}");
        users.updateOne(
                json("{_id: 1}"),
                json("{$set: {'a.b': 7, 'x.y.z': 'deep'}, $inc: {n: 2, m: 1}, $unset: {'a.c': ''}, $max: {high: 9}}"));
        assertThat(users.find().first())
                .isEqualTo(json("{_id: 1, a: {b: 7}, n: 7, list: [1], x: {y: {z: 'deep'}}, m: 1, high: 9}"));
        users.updateOne(json("{_id: 1}"), json("{$max: {high: 3}, $min: {n: 1}, $push: {list: 2}}"));
        users.updateOne(json("{_id: 1}"), json("{$addToSet: {list: 2}}"));
        users.updateOne(json("{_id: 1}"), json("{$pull: {list: 1}}"));
        assertThat(users.find(json("{'a.b': 7}")).first())
                .isEqualTo(json("{_id: 1, a: {b: 7}, n: 1, list: [2], x: {y: {z: 'deep'}}, m: 1, high: 9}"));
        assertThat(ids("{'a.b': 1}")).isEmpty();
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/operator/update/setOnInsert/")
    void setsOnInsertOnly() {
        UpdateOptions upsert = new UpdateOptions().upsert(true);
        Document update = json("{$set: {n: 1}, $setOnInsert: {created: 'first'}}");
        UpdateResult first = users.updateOne(json("{_id: 'a', kind: 'k'}"), update, upsert);
        assertThat(first.getUpsertedId()).isEqualTo(new BsonString("a"));
        assertThat(users.find().first()).isEqualTo(json("{_id: 'a', kind: 'k', n: 1, created: 'first'}"));
        users.updateOne(json("{_id: 'a'}"), json("{$set: {n: 2}, $setOnInsert: {created: 'second'}}"), upsert);
        assertThat(users.find().first()).isEqualTo(json("{_id: 'a', kind: 'k', n: 2, created: 'first'}"));
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.updateMany/")
    void updatesOneOrMany() {
        insert("{_id: 1, g: 1}", "{_id: 2, g: 1}", "{_id: 3, g: 2}");
        assertCounts(users.updateMany(json("{g: 1}"), json("{$set: {h: 1}}")), 2, 2);
        assertCounts(users.updateMany(json("{g: {$lt: 9}}"), json("{$set: {h: 1}}")), 3, 1);
        assertCounts(users.updateOne(json("{g: 1}"), json("{$inc: {h: 1}}")), 1, 1);
        assertThat(users.countDocuments(json("{h: 2}"))).isEqualTo(1);
        assertCounts(users.updateOne(json("{}"), json("{$set: {any: 1}}")), 1, 1);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.findOneAndUpdate/")
    void findsAndModifies() {
        insert("{_id: 1, n: 1}", "{_id: 2, n: 5}");
        FindOneAndUpdateOptions after = new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);
        assertThat(users.findOneAndUpdate(json("{_id: 1}"), json("{$inc: {n: 1}}")))
                .isEqualTo(json("{_id: 1, n: 1}"));
        assertThat(users.findOneAndUpdate(json("{_id: 1}"), json("{$inc: {n: 1}}"), after))
                .isEqualTo(json("{_id: 1, n: 3}"));
        assertThat(users.findOneAndUpdate(json("{_id: 9}"), json("{$inc: {n: 1}}"), after))
                .isNull();
        assertThat(users.findOneAndUpdate(json("{_id: 9}"), json("{$inc: {n: 1}}"), after.upsert(true)))
                .isEqualTo(json("{_id: 9, n: 1}"));
        assertThat(users.findOneAndUpdate(
                        json("{}"),
                        json("{$set: {top: true}}"),
                        new FindOneAndUpdateOptions().sort(json("{n: -1}")).projection(json("{n: 1}"))))
                .isEqualTo(json("{_id: 2, n: 5}"));
        assertThat(users.findOneAndReplace(
                        json("{_id: 9}"),
                        json("{n: 8}"),
                        new FindOneAndReplaceOptions().returnDocument(ReturnDocument.AFTER)))
                .isEqualTo(json("{_id: 9, n: 8}"));
        assertThat(users.findOneAndDelete(json("{}"), new FindOneAndDeleteOptions().sort(json("{n: -1}"))))
                .isEqualTo(json("{_id: 9, n: 8}"));
        assertThat(ids("{}")).containsExactly(1, 2);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.deleteMany/")
    void deletesManyThroughAnIndex() {
        users.createIndex(json("{application: 1, n: 1}"));
        users.insertMany(IntStream.range(0, 2_000)
                .mapToObj(
                        i -> new Document("_id", i).append("application", i % 2).append("n", i))
                .toList());
        DeleteResult deleted = users.deleteMany(json("{application: 1, n: {$gte: 1000}}"));
        assertThat(deleted.getDeletedCount()).isEqualTo(500);
        assertThat(users.countDocuments()).isEqualTo(1_500);
        assertThat(users.countDocuments(json("{application: 1}"))).isEqualTo(500);
        assertThat(users.deleteOne(json("{application: 1}")).getDeletedCount()).isEqualTo(1);
        assertThat(users.deleteMany(json("{application: 1}")).getDeletedCount()).isEqualTo(499);
        assertThat(ids("{application: 1}")).isEmpty();
        assertThat(users.deleteMany(json("{}")).getDeletedCount()).isEqualTo(1_000);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/core/document/#the-_id-field")
    void anIdNeverChanges() {
        insert("{_id: 1}");
        assertThatThrownBy(() -> users.updateOne(json("{_id: 1}"), json("{$set: {_id: 2}}")))
                .isInstanceOfSatisfying(
                        MongoWriteException.class, e -> assertThat(e.getCode()).isEqualTo(66));
        assertThatThrownBy(() -> users.replaceOne(json("{_id: 1}"), json("{_id: 2}")))
                .isInstanceOfSatisfying(
                        MongoWriteException.class, e -> assertThat(e.getCode()).isEqualTo(66));
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/write-concern/")
    void acceptsTheWriteConcernsOfAReplicaSet() {
        users.withWriteConcern(WriteConcern.MAJORITY).insertOne(json("{_id: 1}"));
        users.withWriteConcern(WriteConcern.JOURNALED).insertOne(json("{_id: 2}"));
        assertThat(ids("{}")).containsExactly(1, 2);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/command/dropDatabase/")
    void aDatabaseDroppedAgainAndAgainWhileOthersWriteGoesOnTakingWrites() throws Exception {
        MongoDatabase dropped = client.getDatabase("contract_dropped");
        AtomicBoolean over = new AtomicBoolean();
        Callable<Integer> writer = () -> {
            MongoCollection<Document> own = dropped.getCollection("written-" + UUID.randomUUID());
            own.createIndex(json("{n: 1}"));
            int refused = 0;
            while (!over.get()) {
                try {
                    own.insertOne(new Document("n", 1));
                } catch (MongoException e) {
                    // What a replica set answers until the drop has come through everywhere.
                    assertThat(e.getCode()).as(e.getMessage()).isEqualTo(DATABASE_DROP_PENDING);
                    refused++;
                }
                own.countDocuments(json("{n: 1}"));
            }
            return refused;
        };
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> writing = List.of(writers.submit(writer), writers.submit(writer));
            try {
                for (int i = 0; i < 100; i++) {
                    dropped.drop();
                }
            } finally {
                over.set(true);
            }
            for (Future<Integer> each : writing) {
                each.get();
            }
        }
        dropped.drop();
        assertThat(dropped.listCollectionNames()).isEmpty();
        MongoCollection<Document> after = dropped.getCollection("after");
        after.insertOne(json("{_id: 1}"));
        assertThat(after.find()).containsExactly(json("{_id: 1}"));
        dropped.drop();
    }

    private static WriteModel<Document> insertion(int id) {
        return new InsertOneModel<>(new Document("_id", id));
    }

    private static WriteModel<Document> replacement(String filter, String document) {
        return new ReplaceOneModel<>(json(filter), json(document));
    }

    private static void assertCounts(UpdateResult result, int matched, int modified) {
        assertThat(result.getMatchedCount()).isEqualTo(matched);
        assertThat(result.getModifiedCount()).isEqualTo(modified);
    }
}
