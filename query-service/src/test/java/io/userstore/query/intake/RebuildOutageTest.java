package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoDatabase;
import io.userstore.embedded.EmbeddedKafkaBroker;
import io.userstore.embedded.EmbeddedMongoServer;
import io.userstore.embedded.TestServers;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.SlowFills;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.projection.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A rebuild in the middle of which servers go away, each of which is therefore one of the test's own, and come back. */
class RebuildOutageTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final List<String> MODELS = List.of("users", "statistics", "activity");
    private static final long AWAY_MILLIS = 3_000;

    @TempDir
    Path folder;

    @Test
    void aRebuildGoesOnAfterKafkaAndMongoDbWereAwayInTheMiddleOfIt() throws Exception {
        int kafkaPort = TestServers.freePort();
        int mongoPort = TestServers.freePort();
        EmbeddedKafkaBroker kafka = EmbeddedKafkaBroker.start(folder.resolve("kafka"), LOOPBACK, kafkaPort);
        EmbeddedMongoServer mongo = EmbeddedMongoServer.start(folder.resolve("mongo"), LOOPBACK, mongoPort);
        SlowFills.slowDown();
        try (QueryServer server = QueryServer.startWith(
                List.of(SlowFills.class),
                mongo.uri(),
                "outage",
                "spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "userstore.mongodb.patience=500ms",
                "userstore.query.rebuild.batch-size=1",
                "userstore.query.rebuild.threads=1")) {
            History history = new RandomHistory(35).tell(150);
            server.publish(history.events());
            server.awaitApplied();
            Map<String, BsonDocument> users = documents(server, "users_v1");
            for (String model : MODELS) {
                assertThat(server.post(QueryServer.OPERATORS, "/1/projections/" + model + "/rebuild")
                                .status())
                        .isEqualTo(202);
            }
            awaitFilling(server, 0);

            kafka.close();
            Thread.sleep(AWAY_MILLIS);
            QueryServer.Answer meanwhile = server.get(QueryServer.OPERATORS, "/1/projections/users");
            assertThat(meanwhile.status())
                    .as("as it was told last, or that Kafka is away: " + meanwhile.body())
                    .isIn(200, 503);
            long before = filled(server);
            kafka = EmbeddedKafkaBroker.start(folder.resolve("kafka"), LOOPBACK, kafkaPort);
            awaitFilling(server, before);

            before = filled(server);
            mongo.close();
            Thread.sleep(AWAY_MILLIS);
            mongo = EmbeddedMongoServer.start(folder.resolve("mongo"), LOOPBACK, mongoPort);
            awaitFilling(server, before);
            server.awaitRebuild("users", "filling");

            SlowFills.hurry();
            for (String model : MODELS) {
                JsonNode after = server.awaitRebuild(model, "switched");
                assertThat(after.at("/rebuild/comparison/differences").asInt())
                        .as(after.toString())
                        .isZero();
                assertThat(after.at("/rebuild/refused").asInt())
                        .as(after.toString())
                        .isZero();
            }
            assertThat(documents(server, "users_v1_g2")).isEqualTo(users);
        } finally {
            SlowFills.hurry();
            kafka.close();
            mongo.close();
        }
    }

    /** Until more is filled than was. */
    private static void awaitFilling(QueryServer server, long before) {
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> filled(server) > before);
    }

    private static long filled(QueryServer server) {
        Map<Integer, Long> users =
                server.context().getBean(Progress.class).all().getOrDefault("users_v1_g2_fill", Map.of());
        return users.values().stream().mapToLong(last -> last + 1).sum();
    }

    private static Map<String, BsonDocument> documents(QueryServer server, String collection) {
        return TestDatabase.documents(server.context().getBean(MongoDatabase.class), collection);
    }
}
