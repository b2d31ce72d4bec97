package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoNamespace;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import io.userstore.embedded.ServerProcess.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMongoServerTest {

    private static final String HOST = "127.0.0.1";

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void keepsDocumentsAndIndexesOverARestart() {
        try (EmbeddedMongoServer server = start()) {
            assertThat(server.isFresh()).isTrue();
            with(server, users -> {
                users.createIndex(new Document("email", 1), new IndexOptions().unique(true));
                users.createIndex(new Document("tags", 1));
                users.insertOne(Document.parse("{_id: 1, email: 'a', tags: ['x', 'y']}"));
            });
        }
        try (EmbeddedMongoServer server = start()) {
            assertThat(server.isFresh()).isFalse();
            with(server, users -> {
                assertThat(users.find(new Document("email", "a"))).hasSize(1);
                assertThat(users.find(new Document("tags", new Document("$gte", "x"))))
                        .hasSize(1);
                assertThat(users.listIndexes()).hasSize(3);
                assertThatThrownBy(() -> users.insertOne(Document.parse("{_id: 2, email: 'a'}")))
                        .hasMessageContaining("E11000");
            });
        }
    }

    @Test
    void keepsARenamedCollectionOverARestart() {
        try (EmbeddedMongoServer server = start()) {
            with(server, users -> {
                users.createIndex(new Document("email", 1), new IndexOptions().unique(true));
                users.insertOne(Document.parse("{_id: 1, email: 'a'}"));
                users.renameCollection(new MongoNamespace("read", "people"));
                users.insertOne(Document.parse("{_id: 7}"));
            });
        }
        try (EmbeddedMongoServer server = start();
                MongoClient client = MongoClients.create(server.uri())) {
            MongoCollection<Document> people = client.getDatabase("read").getCollection("people");
            assertThat(people.find(new Document("email", "a"))).hasSize(1);
            assertThat(people.countDocuments()).isEqualTo(1);
            assertThat(client.getDatabase("read").listCollectionNames()).contains("people", "users");
        }
    }

    @Test
    void dropsWhatAKilledProcessLeft() throws Exception {
        try (ServerProcess process = ServerProcess.start(Server.MONGO, directory, port)) {
            try (MongoClient client = MongoClients.create("mongodb://" + HOST + ":" + port)) {
                client.getDatabase("read").getCollection("users").insertOne(new Document("_id", 1));
            }
            process.kill();
        }
        try (EmbeddedMongoServer server = start()) {
            assertThat(server.isFresh()).isTrue();
            with(server, users -> assertThat(users.find()).isEmpty());
        }
        try (EmbeddedMongoServer server = start()) {
            assertThat(server.isFresh()).as("closed in order this time").isFalse();
        }
    }

    @Test
    void refusesASecondServerOnTheSameDirectory() {
        try (EmbeddedMongoServer server = start()) {
            assertThat(server.uri()).isEqualTo("mongodb://127.0.0.1:" + port);
            assertThatThrownBy(() -> EmbeddedMongoServer.start(directory, HOST, Ports.free()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another process uses the data directory");
        }
    }

    @Test
    void afterTheStopNothingIsLeftInTheFileOfWhatWasRemovedOrReplaced() throws Exception {
        try (EmbeddedMongoServer server = start()) {
            with(server, users -> {
                users.createIndex(new Document("name", 1));
                for (int id = 0; id < 2_000; id++) {
                    users.insertOne(new Document("_id", id).append("name", "marked-" + id));
                }
            });
            // The file is written to once a second.
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isMarkIn(directory));
            with(server, users -> {
                for (int id = 1; id < 2_000; id++) {
                    users.deleteOne(new Document("_id", id));
                }
                users.replaceOne(new Document("_id", 0), new Document("name", "another"));
            });
        }
        assertThat(isMarkIn(directory)).isFalse();
        try (EmbeddedMongoServer server = start()) {
            assertThat(server.isFresh()).isFalse();
            with(server, users -> {
                assertThat(users.countDocuments()).isEqualTo(1);
                assertThat(users.find(new Document("name", "another")).first()).isNotNull();
            });
        }
    }

    private static boolean isMarkIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains("marked-")) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Each document moves within the index all the time, and must never be missing, doubled or out of order. */
    @Test
    void readersBesideAWriterSeeEachDocumentOnce() throws Exception {
        int documents = 50;
        try (EmbeddedMongoServer server = start();
                ExecutorService executor = Executors.newFixedThreadPool(3)) {
            with(server, users -> {
                users.createIndex(new Document("application", 1).append("version", 1));
                IntStream.range(0, documents).forEach(id -> users.insertOne(version(id, 0)));
                AtomicBoolean done = new AtomicBoolean();
                Future<?> writer = executor.submit(() -> write(users, documents, done));
                List<Future<?>> readers = List.of(
                        executor.submit(() -> read(users, documents, done)),
                        executor.submit(() -> read(users, documents, done)));
                await(writer);
                readers.forEach(EmbeddedMongoServerTest::await);
            });
        }
    }

    private static void write(MongoCollection<Document> users, int documents, AtomicBoolean done) {
        try {
            for (int version = 1; version <= 40; version++) {
                for (int id = 0; id < documents; id++) {
                    users.replaceOne(
                            new Document("_id", id), version(id, version * 7 % 40), new ReplaceOptions().upsert(true));
                }
            }
        } finally {
            done.set(true);
        }
    }

    private static void read(MongoCollection<Document> users, int documents, AtomicBoolean done) {
        while (!done.get()) {
            List<Object> ids = users.find(new Document("application", "x").append("version", new Document("$gte", 0)))
                    .sort(Sorts.ascending("version"))
                    .limit(1_000)
                    .map(user -> user.get("_id"))
                    .into(new ArrayList<>());
            assertThat(ids).doesNotHaveDuplicates().hasSize(documents);
        }
    }

    private static Document version(int id, int version) {
        return new Document("_id", id).append("application", "x").append("version", version);
    }

    private static void await(Future<?> future) {
        try {
            future.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private EmbeddedMongoServer start() {
        return EmbeddedMongoServer.start(directory, HOST, port);
    }

    private static void with(EmbeddedMongoServer server, Consumer<MongoCollection<Document>> use) {
        try (MongoClient client = MongoClients.create(server.uri())) {
            use.accept(client.getDatabase("read").getCollection("users"));
        }
    }
}
