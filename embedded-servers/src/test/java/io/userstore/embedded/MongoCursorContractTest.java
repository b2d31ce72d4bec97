package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoQueryException;
import com.mongodb.ServerCursor;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MongoCursorContractTest extends MongoContract {

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/core/cursors/#cursor-batches")
    void aCursorHandsOutBatchAfterBatch() {
        insertNumbered(1_000);
        assertThat(users.find().batchSize(7)).hasSize(1_000);
        assertThat(users.find()).hasSize(1_000);
        assertThat(users.find().batchSize(10).limit(25)).hasSize(25);
        assertThat(users.find().limit(-5)).hasSize(5);
        assertThat(users.find().sort(json("{n: -1}")).batchSize(100))
                .extracting(document -> document.getInteger("n"))
                .startsWith(999, 998)
                .endsWith(1, 0);
        assertThat(users.aggregate(List.of(json("{$match: {n: {$gte: 500}}}"))).batchSize(11))
                .hasSize(500);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/core/cursors/#cursor-behaviors")
    void aCursorGoesOnBesideWrites() {
        users.createIndex(json("{n: 1}"));
        insertNumbered(500);
        try (MongoCursor<Document> cursor = users.find(json("{n: {$gte: 0}}"))
                .sort(json("{n: 1}"))
                .batchSize(10)
                .iterator()) {
            assertThat(cursor.next()).containsEntry("n", 0);
            users.deleteMany(json("{n: {$gte: 250}}"));
            int count = 1;
            for (; cursor.hasNext(); count++) {
                cursor.next();
            }
            assertThat(count).isBetween(250, 270);
        }
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/command/killCursors/")
    void aKilledCursorIsGone() {
        insertNumbered(100);
        try (MongoCursor<Document> cursor = users.find().batchSize(10).iterator()) {
            ServerCursor open = Objects.requireNonNull(cursor.getServerCursor());
            Document killed = database.runCommand(
                    new Document("killCursors", users.getNamespace().getCollectionName())
                            .append("cursors", List.of(open.getId())));
            assertThat(killed.getList("cursorsKilled", Long.class)).containsExactly(open.getId());
            assertThatThrownBy(() -> {
                        while (cursor.hasNext()) {
                            cursor.next();
                        }
                    })
                    .isInstanceOfAny(MongoQueryException.class, MongoCommandException.class)
                    .hasMessageContaining("43");
        }
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/command/#diagnostic-commands")
    void answersWhatToolsAskFirst() {
        MongoDatabase admin = client.getDatabase("admin");
        assertThat(admin.runCommand(json("{hello: 1}"))).containsEntry("isWritablePrimary", true);
        assertThat(admin.runCommand(json("{ping: 1}"))).containsEntry("ok", 1.0);
        assertThat(admin.runCommand(json("{buildInfo: 1}"))).containsKey("version");
        users.insertOne(json("{_id: 1}"));
        assertThat(client.listDatabaseNames()).contains("contract");
        assertThat(database.listCollectionNames()).contains(users.getNamespace().getCollectionName());
        assertThatThrownBy(() -> database.runCommand(json("{noSuchCommand: 1}")))
                .isInstanceOfSatisfying(
                        MongoCommandException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(59));
    }

    private void insertNumbered(int count) {
        users.insertMany(IntStream.range(0, count)
                .mapToObj(i -> new Document("_id", i).append("n", i))
                .toList());
    }
}
