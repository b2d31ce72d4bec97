package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.userstore.embedded.TestServers;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.ReadModels;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.Standings;
import io.userstore.query.projection.Standings.State;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.junit.jupiter.api.Test;

/** What is delivered again, in whatever batches and over whatever restarts, changes no byte of the read models. */
class RedeliveryTest {
    private static final int RESTARTS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Random random = new Random(4711);

    @Test
    void everythingTwiceInRandomBatchesOverTenRestartsEndsAsOneCleanPass() {
        History history = new RandomHistory(23).tell(60);
        History.Person last = history.aUserCalled("last");
        Map<String, Map<String, String>> clean;
        try (QueryServer once = QueryServer.startWith(TestServers.mongoUri(), TestDatabase.newName())) {
            once.publish(history.events());
            ReadModels.awaitAll(once, last);
            clean = ReadModels.of(once);
            drop(once);
        }
        String database = TestDatabase.newName();
        for (int restart = 0; restart < RESTARTS; restart++) {
            try (QueryServer server = QueryServer.startWith(TestServers.mongoUri(), database, randomBatches())) {
                if (restart == 0) {
                    // By the publisher: the same events once more, at other offsets.
                    server.publish(history.events());
                }
                awaitSome(server);
                // By the log: what was applied comes again, from anywhere before where the service was ended.
                rewind(server, restart == RESTARTS / 2);
            }
        }
        try (QueryServer server = QueryServer.startWith(TestServers.mongoUri(), database, randomBatches())) {
            ReadModels.awaitAll(server, last);
            await().atMost(PATIENCE).until(() -> isAtTheEnd(server));
            assertThat(ReadModels.of(server)).isEqualTo(clean);
            drop(server);
        }
    }

    private String randomBatches() {
        return "userstore.query.batch-size=" + (1 + random.nextInt(30));
    }

    /** Until the service has gone on, now a little and now a lot. */
    private void awaitSome(QueryServer server) {
        long before = sum(server);
        int more = random.nextInt(200);
        await().atMost(PATIENCE).until(() -> sum(server) > before + more || isAtTheEnd(server));
    }

    private static boolean isAtTheEnd(QueryServer server) {
        return server.context()
                .getBean(Standings.class)
                .now()
                .filter(all -> all.stream().allMatch(one -> one.state() == State.CAUGHT_UP && one.lagEvents() == 0))
                .isPresent();
    }

    private static long sum(QueryServer server) {
        return progressOf(server).values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<Integer, Long> progressOf(QueryServer server) {
        return server.context().getBean(Progress.class).all().getOrDefault("users_v1", Map.of());
    }

    private void rewind(QueryServer server, boolean toTheBeginning) {
        MongoCollection<BsonDocument> progress = progress(server);
        for (BsonDocument noted : progress.find()) {
            BsonDocument earlier = noted.clone();
            noted.forEach((field, offset) -> {
                if (offset.isInt64()) {
                    long before = offset.asInt64().getValue();
                    earlier.put(field, new BsonInt64(toTheBeginning ? -1 : random.nextLong(-1, before + 1)));
                }
            });
            progress.replaceOne(new BsonDocument("_id", noted.get("_id")), earlier);
        }
    }

    private static MongoCollection<BsonDocument> progress(QueryServer server) {
        return server.context().getBean(MongoDatabase.class).getCollection(Progress.COLLECTION, BsonDocument.class);
    }

    private static void drop(QueryServer server) {
        server.context().getBean(MongoDatabase.class).drop();
    }
}
