package io.userstore.query.intake;

import static io.userstore.query.fixture.QueryServer.OPERATORS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoDatabase;
import io.userstore.embedded.TestServers;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.SlowFills;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.ReadModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Its tests run beside each other: they mostly wait for what has a time of its own, and share nothing but the servers. Beside other
 * classes none runs: those look at what is common, such as dead letters.
 */
class RebuildTest {
    private static final String SLOW_FILLS = "slow fills";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String[] SETTINGS = {
        "userstore.query.rebuild.batch-size=50", "userstore.query.rebuild.grace=2s"
    };

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"users", "statistics", "activity"})
    void aRebuiltReadModelHasTheSameDocumentsAndTheFormerOnesAreDroppedInTheEnd(String model) {
        String database = TestDatabase.newName();
        try (QueryServer server = QueryServer.startWith(TestServers.mongoUri(), database, SETTINGS)) {
            History history = new RandomHistory(31).tell(40);
            server.publish(history.events());
            server.awaitApplied();
            Map<String, Map<String, BsonDocument>> before = documents(server, model, 1, history);

            QueryServer.Answer begun = server.post(OPERATORS, "/1/projections/" + model + "/rebuild");
            assertThat(begun.status()).as(begun.body()).isEqualTo(202);
            assertThat(begun.header("Location")).contains("/1/projections/" + model);
            JsonNode after = server.awaitRebuild(model, "switched");

            assertThat(after.get("generation").asInt()).isEqualTo(2);
            assertThat(after.get("former_generation").asInt()).isEqualTo(1);
            assertThat(after.at("/rebuild/comparison/differences").asInt())
                    .as(after.toString())
                    .isZero();
            assertThat(after.at("/rebuild/comparison/equal").asInt()).isPositive();
            assertThat(after.at("/rebuild/done").asLong())
                    .isGreaterThanOrEqualTo(history.events().size());
            assertThat(documents(server, model, 2, history)).isEqualTo(before);

            assertThat(server.delete(OPERATORS, "/1/projections/" + model + "/rebuild")
                            .status())
                    .isEqualTo(200);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(collections(server, model, 1)).doesNotContainAnyElementsOf(existing(server));
                assertThat(server.context().getBean(Progress.class).all().keySet())
                        .doesNotContain(model(server, model).generation(1).key());
            });
            assertThat(documents(server, model, 2, history)).isEqualTo(before);
            database(server).drop();
        }
    }

    /** Writers and readers with tokens go on all the time, over three switches and two ways back. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void noReadFailsOrIsStaleWhileEveryReadModelIsSwitchedAndRolledBackUnderLoad() throws Exception {
        String database = TestDatabase.newName();
        try (QueryServer one = QueryServer.startWith(TestServers.mongoUri(), database, SETTINGS);
                QueryServer two = QueryServer.startWith(TestServers.mongoUri(), database, SETTINGS);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            one.awaitReady();
            two.awaitReady();
            History history = new RandomHistory(32).tell(30);
            one.publish(history.events());
            AtomicBoolean over = new AtomicBoolean();
            ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
            AtomicInteger reads = new AtomicInteger();
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                loads.add(threads.submit(() -> {
                    while (!over.get()) {
                        liveOneLife(one, two, faults, reads);
                    }
                }));
            }
            for (String model : List.of("users", "statistics", "activity")) {
                assertThat(one.post(OPERATORS, "/1/projections/" + model + "/rebuild")
                                .status())
                        .isEqualTo(202);
            }
            for (String model : List.of("users", "statistics", "activity")) {
                JsonNode after = two.awaitRebuild(model, "switched");
                assertThat(after.at("/rebuild/comparison/differences").asInt())
                        .as(after.toString())
                        .isZero();
            }
            for (String model : List.of("users", "activity")) {
                assertThat(two.post(OPERATORS, "/1/projections/" + model + "/rollback")
                                .status())
                        .isEqualTo(200);
                JsonNode after = one.awaitRebuild(model, "rolled_back");
                assertThat(after.get("generation").asInt()).isEqualTo(1);
                assertThat(after.get("former_generation").asInt()).isEqualTo(2);
            }
            int soFar = reads.get();
            await().atMost(PATIENCE).until(() -> reads.get() > soFar + 20);
            over.set(true);
            for (Future<?> load : loads) {
                load.get();
            }
            assertThat(faults).isEmpty();
            assertThat(reads.get()).isGreaterThan(20);
            for (String model : List.of("users", "statistics", "activity")) {
                awaitSame(one, model);
            }
            database(one).drop();
        }
    }

    private static void liveOneLife(
            QueryServer one, QueryServer two, ConcurrentLinkedQueue<String> faults, AtomicInteger reads) {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        one.publish(history.events());
        for (int i = 0; i < 3; i++) {
            int from = history.events().size();
            ann.renamed("ann" + i).signedIn("192.0.2.1");
            one.publish(history.events().subList(from, history.events().size()));
            for (QueryServer server : List.of(one, two)) {
                String app = history.application();
                check(
                        server.get(app, "/1/users/" + ann.id(), "Consistency-Token", ann.token()),
                        faults,
                        "/username",
                        "ann" + i);
                check(
                        server.get(app, "/1/users", "Consistency-Token", ann.token()),
                        faults,
                        "/data/0/username",
                        "ann" + i);
                check(
                        server.get(
                                app, "/1/stats?from=2026-03-01&to=2026-03-02", "Consistency-Token", ann.signInToken()),
                        faults,
                        "/series/0/logins",
                        Integer.toString(i + 1));
                check(
                        server.get(app, "/1/users/" + ann.id() + "/activity", "Consistency-Token", ann.signInToken()),
                        faults,
                        "/paging/total_count",
                        Integer.toString(1 + 2 * (i + 1)));
                reads.addAndGet(4);
            }
        }
    }

    private static void check(
            QueryServer.Answer answer, ConcurrentLinkedQueue<String> faults, String path, String expected) {
        String found = answer.status() == 200 ? answer.json().at(path).asString() : "";
        if (!found.equals(expected)) {
            faults.add(answer.status() + " " + path + " is not " + expected + ": " + answer.body());
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @ResourceLock(SLOW_FILLS)
    void twoInstancesShareTheWorkAndTheOneThatStaysGoesOnWhenTheOtherIsClosed() {
        String database = TestDatabase.newName();
        String[] slow = {"userstore.query.rebuild.batch-size=1", "userstore.query.rebuild.threads=1"};
        History history = new RandomHistory(33).tell(150);
        SlowFills.slowDown();
        try (QueryServer one = startSlow(database, slow)) {
            one.publish(history.events());
            one.awaitApplied();
            Map<String, Map<String, BsonDocument>> before = documents(one, "users", 1, history);
            QueryServer two = startSlow(database, slow);
            try {
                two.awaitReady();
                assertThat(two.post(OPERATORS, "/1/projections/users/rebuild").status())
                        .isEqualTo(202);
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> membersOfFill(one) == 2);
                assertThat(one.post(OPERATORS, "/1/projections/users/rebuild").status())
                        .isEqualTo(409);
                assertThat(one.post(OPERATORS, "/1/projections/users/rollback").status())
                        .isEqualTo(409);
            } finally {
                two.close();
                SlowFills.hurry();
            }
            JsonNode after = one.awaitRebuild("users", "switched");
            assertThat(after.at("/rebuild/comparison/differences").asInt()).isZero();
            assertThat(documents(one, "users", 2, history)).isEqualTo(before);
            database(one).drop();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @ResourceLock(SLOW_FILLS)
    void aRebuildGoesOnWhereItWasAfterTheOnlyInstanceIsStartedAgain() {
        String database = TestDatabase.newName();
        String[] slow = {"userstore.query.rebuild.batch-size=1", "userstore.query.rebuild.threads=1"};
        History history = new RandomHistory(34).tell(150);
        Map<String, Map<String, BsonDocument>> before;
        SlowFills.slowDown();
        try (QueryServer one = startSlow(database, slow)) {
            one.publish(history.events());
            one.awaitApplied();
            before = documents(one, "statistics", 1, history);
            one.post(OPERATORS, "/1/projections/statistics/rebuild");
            Progress progress = one.context().getBean(Progress.class);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> progress.all().containsKey("statistics_v2_g2_fill"));
        } finally {
            SlowFills.hurry();
        }
        try (QueryServer two = QueryServer.startWith(TestServers.mongoUri(), database)) {
            JsonNode after = two.awaitRebuild("statistics", "switched");
            assertThat(after.at("/rebuild/comparison/differences").asInt()).isZero();
            assertThat(documents(two, "statistics", 2, history)).isEqualTo(before);
            database(two).drop();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void whatDiffersIsToldAndSwitchedToOnlyWhereThatIsAskedFor() {
        String database = TestDatabase.newName();
        try (QueryServer server = QueryServer.startWith(TestServers.mongoUri(), database, SETTINGS)) {
            History history = History.ofSomeApplication();
            History.Person ann = history.aUserCalled("ann");
            history.aUserCalled("bob");
            server.publish(history.events());
            server.awaitApplied();
            database(server)
                    .getCollection("users_v1")
                    .updateOne(
                            new Document("_id", ann.id().toString()),
                            new Document("$set", new Document("username", "broken")));
            database(server).getCollection("users_v1").insertOne(new Document("_id", "ghost").append("version", 1L));

            server.post(OPERATORS, "/1/projections/users/rebuild?switch=when-equal");
            JsonNode kept = server.awaitRebuild("users", "kept");
            assertThat(kept.get("generation").asInt()).isEqualTo(1);
            assertThat(kept.at("/rebuild/reason").asString()).contains("2 documents differ");
            assertThat(kept.at("/rebuild/comparison/changed").asInt()).isEqualTo(1);
            assertThat(kept.at("/rebuild/comparison/missing").asInt()).isEqualTo(1);
            assertThat(kept.at("/rebuild/comparison/examples").toString())
                    .contains("users_v1_g2: " + ann.id(), "users_v1_g2: ghost")
                    .doesNotContain("broken");
            await().atMost(PATIENCE).until(() -> !existing(server).contains("users_v1_g2"));

            server.post(OPERATORS, "/1/projections/users/rebuild");
            JsonNode incomplete = server.awaitRebuild("users", "kept");
            assertThat(incomplete.at("/rebuild/generation").asInt()).isEqualTo(3);
            assertThat(incomplete.at("/rebuild/reason").asString()).contains("switch=always");

            server.post(OPERATORS, "/1/projections/users/rebuild?switch=always");
            JsonNode switched = server.awaitRebuild("users", "switched");
            assertThat(switched.get("generation").asInt()).isEqualTo(4);
            assertThat(server.get(history.application(), "/1/users/" + ann.id())
                            .json()
                            .get("username")
                            .asString())
                    .isEqualTo("ann");
            database(server).drop();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aDeletionIsAppliedToTheFormerGenerationToo() {
        String database = TestDatabase.newName();
        try (QueryServer server = QueryServer.startWith(TestServers.mongoUri(), database, SETTINGS)) {
            History history = History.ofSomeApplication();
            History.Person ann = history.aUserCalled("ann").signedIn("192.0.2.1");
            server.publish(history.events());
            server.awaitApplied();
            server.post(OPERATORS, "/1/projections/activity/rebuild");
            server.awaitRebuild("activity", "switched");

            int before = history.events().size();
            ann.deleted();
            server.publish(history.events().subList(before, history.events().size()));
            for (String collection : List.of("activity_v2", "activity_v2_g2")) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(TestDatabase.documents(database(server), collection)
                                        .values())
                                .filteredOn(entry -> entry.getString("user_id")
                                        .getValue()
                                        .equals(ann.id().toString()))
                                .hasSize(1));
            }
            database(server).drop();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void onlyOperatorsMayRebuildAndWhatIsNotThereIsSaid() {
        try (QueryServer server = QueryServer.start(SETTINGS)) {
            assertThat(server.post("other", "/1/projections/users/rebuild").status())
                    .isEqualTo(403);
            assertThat(server.postWithoutPermission(OPERATORS, "/1/projections/users/rebuild")
                            .status())
                    .isEqualTo(403);
            assertThat(server.post(OPERATORS, "/1/projections/nothing/rebuild").status())
                    .isEqualTo(404);
            assertThat(server.post(OPERATORS, "/1/projections/nothing/rollback").status())
                    .isEqualTo(404);
            assertThat(server.get(OPERATORS, "/1/projections/nothing").status()).isEqualTo(404);
            assertThat(server.post(OPERATORS, "/1/projections/users/rebuild?switch=never")
                            .status())
                    .isEqualTo(400);
            assertThat(server.post(OPERATORS, "/1/projections/users/rollback").status())
                    .isEqualTo(409);
            assertThat(server.delete(OPERATORS, "/1/projections/users/rebuild").status())
                    .isEqualTo(409);
        }
    }

    /** Until the generation that is read and the former one are the same. */
    private static void awaitSame(QueryServer server, String model) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(documents(server, model, 2)).isEqualTo(documents(server, model, 1)));
    }

    private static QueryServer startSlow(String database, String... properties) {
        return QueryServer.startWith(List.of(SlowFills.class), TestServers.mongoUri(), database, properties);
    }

    private static long membersOfFill(QueryServer server) {
        try {
            return server
                    .context()
                    .getBean("queryKafkaAdmin", org.apache.kafka.clients.admin.Admin.class)
                    .describeConsumerGroups(List.of(
                            server.context().getEnvironment().getRequiredProperty("userstore.query.consumer-group")
                                    + ".fill.users_v1_g2"))
                    .all()
                    .get()
                    .values()
                    .stream()
                    .flatMap(group -> group.members().stream())
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .map(member -> member.consumerId())
                    .distinct()
                    .count();
        } catch (ExecutionException e) {
            // Not made yet.
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static ReadModel model(QueryServer server, String name) {
        return server.context().getBean(Generations.class).models().stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> collections(QueryServer server, String model, int generation) {
        ReadModel found = model(server, model);
        return found.collections().stream()
                .map(each -> found.generation(generation).collection(each.collection()))
                .toList();
    }

    private static List<String> existing(QueryServer server) {
        return database(server).listCollectionNames().into(new ArrayList<>());
    }

    /** By the collection's place in the read model, so that generations can be compared. */
    private static Map<String, Map<String, BsonDocument>> documents(QueryServer server, String model, int generation) {
        Map<String, Map<String, BsonDocument>> all = new TreeMap<>();
        ReadModel found = model(server, model);
        found.collections()
                .forEach(each -> all.put(
                        each.collection(),
                        TestDatabase.documents(
                                database(server), found.generation(generation).collection(each.collection()))));
        return all;
    }

    /** Likewise, but only what comes of that history: other tests publish too. */
    private static Map<String, Map<String, BsonDocument>> documents(
            QueryServer server, String model, int generation, History history) {
        Set<String> names = history.events().stream()
                .flatMap(event -> Stream.of(event.application(), event.userId()))
                .collect(Collectors.toSet());
        Map<String, Map<String, BsonDocument>> all = documents(server, model, generation);
        all.values()
                .forEach(collection -> collection
                        .values()
                        .removeIf(document -> names.stream().noneMatch(document.toJson()::contains)));
        assertThat(all.values()).as("something came of it").anyMatch(collection -> !collection.isEmpty());
        return all;
    }

    private static MongoDatabase database(QueryServer server) {
        return server.context().getBean(MongoDatabase.class);
    }
}
