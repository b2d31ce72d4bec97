package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.api.event.UserEvent;
import io.userstore.embedded.TestServers;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.ReadModels;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.fixture.TopicReader;
import io.userstore.query.projection.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeTest {
    private QueryServer server;

    @BeforeAll
    void start() {
        server = QueryServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aPoisonRecordGoesToTheDeadLettersAsItCameAndStopsNobody() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        ProducerRecord<byte[], byte[]> poison =
                withValue(QueryServer.record(history.events().getFirst()), "{broken");
        RecordMetadata place = server.publish(poison);
        server.publish(history.events());

        assertThat(server.get(history.application(), "/1/users/" + ann.id(), "Consistency-Token", ann.token())
                        .status())
                .isEqualTo(200);
        List<ConsumerRecord<byte[], byte[]>> letters = deadLettersOf(place, 3);
        assertThat(letters)
                .extracting(letter -> TopicReader.header(letter, "dlt_projection"))
                .containsExactlyInAnyOrder("users", "statistics", "activity");
        assertThat(letters).allSatisfy(letter -> {
            assertThat(TopicReader.header(letter, "dlt_cause")).startsWith("undecodable");
            assertThat(TopicReader.header(letter, "dlt_topic")).isEqualTo(Topics.EVENTS);
            assertThat(TopicReader.header(letter, "ce_type")).isEqualTo("io.userstore.user.created.v1");
            assertThat(letter.key()).isEqualTo(poison.key());
            assertThat(letter.value()).isEqualTo(poison.value());
        });
        assertThat(server.getWithoutKey("/actuator/prometheus").body())
                .contains("userstore_projection_dead_letters_total{cause=\"undecodable\",projection=\"users\"}");
    }

    @Test
    void anEventThatBreaksAProjectionIsPutAsideAloneAndItsBatchApplied() {
        History history = History.ofSomeApplication();
        history.aUserCalled("ann");
        ProducerRecord<byte[], byte[]> odd = withValue(
                QueryServer.record(history.events().getFirst()),
                "{\"application\":\"%s\",\"user_id\":\"%s\",\"version\":1,\"position\":1,\"data\":{\"active\":true,\"personal\":{\"extra\":{\"a\":[1]}}}}"
                        .formatted(
                                history.application(),
                                history.events().getFirst().userId()));
        RecordMetadata place = server.publish(odd);
        History others = new History(history.application());
        History.Person bob = others.aUserCalled("bob");
        server.publish(others.events());

        assertThat(server.get(history.application(), "/1/users/" + bob.id(), "Consistency-Token", bob.token())
                        .status())
                .isEqualTo(200);
        assertThat(deadLettersOf(place, 1))
                .extracting(letter -> TopicReader.header(letter, "dlt_cause"))
                .containsExactly("unprocessable: IllegalArgumentException");
    }

    /** Whose key is gone before the events are read is counted, and never seen: not even until the deletion comes. */
    @Test
    void aUserWhoWasDeletedMeanwhileIsNobodysDeadLetterAndNoGhost() {
        History history = History.ofSomeApplication();
        History.Person gone = history.aUserCalled("gone")
                .renamed("away")
                .signedIn("192.0.2.1")
                .linked("google", "1234-Ab");
        String before = gone.token();
        gone.deleted();
        List<RecordMetadata> places = new ArrayList<>();
        history.events()
                .subList(0, history.events().size() - 1)
                .forEach(event -> places.add(server.publish(QueryServer.record(event))));
        assertThat(server.get(history.application(), "/1/users", "Consistency-Token", before)
                        .json()
                        .get("data")
                        .size())
                .isZero();
        assertThat(server.get(history.application(), "/1/users/" + gone.id()).status())
                .isEqualTo(404);
        places.add(server.publish(QueryServer.record(history.events().getLast())));

        QueryServer.Answer statistics =
                server.get(history.application(), "/1/stats", "Consistency-Token", gone.token());
        assertThat(statistics.json().at("/totals/users").asInt()).isZero();
        assertThat(server.get(history.application(), "/1/users")
                        .json()
                        .at("/paging/total_count")
                        .asInt())
                .isZero();
        assertThat(server.getWithoutKey("/actuator/prometheus").body())
                .containsPattern("userstore_intake_events_erased_total [1-9]");
        try (TopicReader letters = new TopicReader(Topics.DEAD_LETTERS)) {
            assertThat(letters.records())
                    .noneMatch(letter -> places.stream().anyMatch(place -> isAbout(letter, place)));
        }
    }

    @Test
    void aGapGoesToTheDeadLettersAndTheUserStaysAsBefore() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        String before = ann.token();
        ann.losesAnEvent().renamed("anna");
        server.publish(history.events().subList(0, 1));
        RecordMetadata place =
                server.publish(QueryServer.record(history.events().getLast()));

        assertThat(deadLettersOf(place, 2))
                .extracting(letter ->
                        TopicReader.header(letter, "dlt_projection") + " " + TopicReader.header(letter, "dlt_cause"))
                .containsExactlyInAnyOrder("users gap", "statistics gap");
        assertThat(server.get(history.application(), "/1/users/" + ann.id(), "Consistency-Token", before)
                        .json()
                        .get("username")
                        .asString())
                .isEqualTo("ann");
    }

    /** Kafka keeps the record that tells it for a month, to those who were away no longer. */
    @Test
    void theKeyOfADeletedUserIsForgottenAlsoWhereItsOwnLogDoesNotTell() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").deleted();
        server.publish(history.events());
        assertThat(server.get(history.application(), "/1/users/" + ann.id(), "Consistency-Token", ann.token())
                        .status())
                .isEqualTo(404);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(TestDatabase.documents(database(server), "user_keys"))
                        .hasEntrySatisfying(
                                ann.id().toString(), key -> assertThat(key).doesNotContainKey("wrapped")));
    }

    @Test
    void anEventOfATypeFromTheFutureIsPassedOver() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        ProducerRecord<byte[], byte[]> future =
                QueryServer.record(history.events().getFirst());
        future.headers()
                .remove("ce_type")
                .add("ce_type", "io.userstore.user.promoted.v1".getBytes(StandardCharsets.UTF_8));
        RecordMetadata place = server.publish(future);
        server.publish(history.events());

        assertThat(server.get(history.application(), "/1/users/" + ann.id(), "Consistency-Token", ann.token())
                        .status())
                .isEqualTo(200);
        try (TopicReader letters = new TopicReader(Topics.DEAD_LETTERS)) {
            assertThat(letters.records()).noneMatch(letter -> isAbout(letter, place));
        }
    }

    @Test
    void whatFollowsAnEventOfATypeFromTheFutureIsNoGap() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").deactivated().renamed("anna");
        ann.signedIn("192.0.2.1").signedOut("192.0.2.1").signedIn("192.0.2.2");
        List<PublishedEvent> events = history.events();
        List<RecordMetadata> places = new ArrayList<>();
        server.publishKeys(events);
        for (PublishedEvent event : events) {
            ProducerRecord<byte[], byte[]> record = QueryServer.record(event);
            if (event.data() instanceof UserEvent.UserDeactivated || event.data() instanceof UserEvent.SignedOut) {
                record.headers()
                        .remove("ce_type")
                        .add("ce_type", "io.userstore.user.promoted.v1".getBytes(StandardCharsets.UTF_8));
                places.add(server.publish(record));
            } else {
                server.publish(record);
            }
        }
        String app = history.application();

        JsonNode user = server.get(app, "/1/users/" + ann.id(), "Consistency-Token", ann.signInToken())
                .json();
        assertThat(user.get("username").asString()).isEqualTo("anna");
        assertThat(user.get("version").asInt()).isEqualTo(3);
        assertThat(user.get("is_active").asBoolean()).isTrue();
        assertThat(server.get(app, "/1/users/" + ann.id() + "?version=2")
                        .json()
                        .get("version")
                        .asInt())
                .isEqualTo(2);
        assertThat(server.get(app, "/1/stats?from=2026-03-01&to=2026-03-02", "Consistency-Token", ann.signInToken())
                        .json()
                        .at("/series/0/logins")
                        .asInt())
                .isEqualTo(2);
        assertThat(server.getWithoutKey("/actuator/prometheus").body())
                .contains("userstore_projection_events_unknown_total{projection=\"users\"}");
        try (TopicReader letters = new TopicReader(Topics.DEAD_LETTERS)) {
            assertThat(letters.records())
                    .noneMatch(letter -> places.stream().anyMatch(place -> isAbout(letter, place)));
        }
    }

    @Test
    void anEventOfATypeFromTheFutureThatLeavesAGapIsPutAsideAsOne() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").losesAnEvent().deactivated();
        server.publish(history.events().subList(0, 1));
        ProducerRecord<byte[], byte[]> future =
                QueryServer.record(history.events().getLast());
        future.headers()
                .remove("ce_type")
                .add("ce_type", "io.userstore.user.promoted.v1".getBytes(StandardCharsets.UTF_8));
        RecordMetadata place = server.publish(future);

        assertThat(deadLettersOf(place, 2))
                .extracting(letter ->
                        TopicReader.header(letter, "dlt_projection") + " " + TopicReader.header(letter, "dlt_cause"))
                .containsExactlyInAnyOrder("users gap", "statistics gap");
        assertThat(server.get(history.application(), "/1/users/" + ann.id())
                        .json()
                        .get("version")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aNewVersionIsFilledFromTheBeginningAndTheFormerIsDropped() {
        String database = TestDatabase.newName();
        History history = new RandomHistory(22).tell(10);
        History.Person last = history.aUserCalled("last");
        Map<String, Map<String, String>> expected;
        try (QueryServer one = QueryServer.startWith(TestServers.mongoUri(), database)) {
            one.publish(history.events());
            ReadModels.awaitAll(one, last);
            expected = ReadModels.of(one);
            // As a version before left it: its own progress and its own documents, and none of the present ones.
            for (String collection : List.of("activity_v2", "statistics_groups_v2", "statistics_users_v2")) {
                database(one).getCollection(collection).drop();
            }
            database(one).getCollection("statistics_group_days_v2").drop();
            database(one).getCollection("statistics_days_v2").drop();
            database(one).getCollection("statistics_totals_v2").drop();
            database(one).getCollection("activity_v1").insertOne(new Document("_id", "left"));
            database(one).getCollection("statistics_users_v1").insertOne(new Document("_id", "left"));
            MongoCollection<?> progress = progress(one);
            progress.updateMany(
                    new Document(),
                    new Document("$unset", new Document("activity_v2", "").append("statistics_v2", "")));
            progress.updateMany(
                    new Document(),
                    new Document("$set", new Document("activity", 1_000_000L).append("statistics_v1", 1_000_000L)));
        }
        try (QueryServer two = QueryServer.startWith(TestServers.mongoUri(), database)) {
            ReadModels.awaitAll(two, last);
            assertThat(ReadModels.of(two)).isEqualTo(expected);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(two.context().getBean(Progress.class).all().keySet())
                        .containsExactlyInAnyOrder("users_v1", "statistics_v2", "activity_v2");
                assertThat(database(two).listCollectionNames()).doesNotContain("activity_v1", "statistics_users_v1");
            });
            database(two).drop();
        }
    }

    @Test
    void progressIsReportedOnceItIsVisible() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").signedIn("192.0.2.1").signedIn("192.0.2.1");
        server.publish(history.events());

        try (TopicReader reports = new TopicReader(Topics.PROGRESS)) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(reports.records().stream()
                                    .map(record -> ProgressReport.fromJson(record.value()))
                                    .filter(report -> report.projections().contains("users"))
                                    .flatMap(report -> report.applied().stream())
                                    .filter(applied ->
                                            applied.userId().equals(ann.id().toString()))
                                    .mapToLong(ProgressReport.Applied::loginSequence)
                                    .max())
                            .hasValue(2));
        }
        assertThat(server.get(history.application(), "/1/users/" + ann.id()).status())
                .isEqualTo(200);
    }

    @Test
    void aKillAnywhereAndAReplayFromZeroEndInTheSameDocuments() {
        String database = TestDatabase.newName();
        History history = new RandomHistory(21).tell(40);
        History.Person last = history.aUserCalled("last");
        Map<String, Map<String, String>> first;
        try (QueryServer one = QueryServer.startWith(TestServers.mongoUri(), database)) {
            one.publish(history.events());
            ReadModels.awaitAll(one, last);
            first = ReadModels.of(one);
            // As if the process had been killed after the documents were written and before the offsets were.
            progress(one).drop();
        }
        try (QueryServer two =
                QueryServer.startWith(TestServers.mongoUri(), database, "userstore.query.partitions=9")) {
            ReadModels.awaitAll(two, last);
            assertThat(ReadModels.of(two)).isEqualTo(first);
            ReadModels.COLLECTIONS.forEach(
                    name -> database(two).getCollection(name).drop());
            progress(two).drop();
        }
        try (QueryServer three = QueryServer.startWith(TestServers.mongoUri(), database)) {
            ReadModels.awaitAll(three, last);
            assertThat(ReadModels.of(three)).isEqualTo(first);
            database(three).drop();
        }
        try (TopicReader events = new TopicReader(Topics.EVENTS)) {
            assertThat(events.partitions()).as("a topic stays as it is").isEqualTo(4);
        }
    }

    @Test
    void whileMongoIsAwayTheServiceLivesAndSaysWhatIsMissing() {
        String nobody = "mongodb://127.0.0.1:" + TestServers.freePort();
        try (QueryServer alone = QueryServer.startWith(nobody, "userstore", "userstore.mongodb.patience=200ms")) {
            awaitUnready(alone, Map.of("kafka", "UP", "mongodb", "DOWN"));
            QueryServer.Answer read = alone.get("app", "/1/users");
            assertThat(read.status()).isEqualTo(503);
            assertThat(read.json().get("error").asString()).isEqualTo("unavailable");
            assertThat(read.header("Retry-After")).contains("1");
        }
    }

    /** As after a restart where names come and go with containers. */
    @Test
    void whileNobodyKnowsTheNameOfKafkaTheServiceLivesAndSaysWhatIsMissing() {
        try (QueryServer alone = QueryServer.startWith(
                TestServers.mongoUri(),
                TestDatabase.newName(),
                "spring.kafka.bootstrap-servers=nowhere.invalid:9092")) {
            awaitUnready(alone, Map.of("kafka", "DOWN"));
            database(alone).drop();
        }
    }

    /** Until the service lives, is not ready, and tells the states of its servers. */
    private static void awaitUnready(QueryServer server, Map<String, String> states) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            QueryServer.Answer health = server.getWithoutKey("/actuator/health/readiness");
            assertThat(health.status()).isEqualTo(503);
            states.forEach((name, state) -> assertThat(health.json()
                            .at("/components/query/components/" + name + "/status")
                            .asString())
                    .isEqualTo(state));
        });
        assertThat(server.getWithoutKey("/actuator/health/liveness").status()).isEqualTo(200);
    }

    @Test
    void onceCaughtUpTheServiceIsReadyAndTellsItsLag() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            QueryServer.Answer health = server.getWithoutKey("/actuator/health/readiness");
            assertThat(health.status()).as(health.body()).isEqualTo(200);
            assertThat(health.json()
                            .at("/components/query/components/projections/details/users/state")
                            .asString())
                    .isEqualTo("caught up");
            assertThat(server.getWithoutKey("/actuator/prometheus").body())
                    .contains("userstore_projection_lag_events{projection=\"users\"} 0.0")
                    .contains("userstore_projection_lag_seconds{projection=\"activity\"} 0.0");
        });
    }

    private static ProducerRecord<byte[], byte[]> withValue(ProducerRecord<byte[], byte[]> record, String value) {
        return new ProducerRecord<>(
                record.topic(), null, record.key(), value.getBytes(StandardCharsets.UTF_8), record.headers());
    }

    private static List<ConsumerRecord<byte[], byte[]>> deadLettersOf(RecordMetadata place, int expected) {
        try (TopicReader letters = new TopicReader(Topics.DEAD_LETTERS)) {
            return await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> letters.records().stream()
                                    .filter(letter -> isAbout(letter, place))
                                    .toList(),
                            found -> found.size() >= expected);
        }
    }

    private static boolean isAbout(ConsumerRecord<byte[], byte[]> letter, RecordMetadata place) {
        return TopicReader.header(letter, "dlt_partition").equals(Integer.toString(place.partition()))
                && TopicReader.header(letter, "dlt_offset").equals(Long.toString(place.offset()));
    }

    private static MongoDatabase database(QueryServer server) {
        return server.context().getBean(MongoDatabase.class);
    }

    private static MongoCollection<?> progress(QueryServer server) {
        return database(server).getCollection(Progress.COLLECTION);
    }
}
