package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoDatabase;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.embedded.EmbeddedKafkaBroker;
import io.userstore.embedded.TestServers;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.TestDatabase;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A log that has lost its beginning, on a broker of its own; the command side is played by the test. */
class ShortLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> MODELS = List.of("users", "statistics", "activity");
    private static final Map<String, List<String>> COLLECTIONS = Map.of(
            "users", List.of("users_v1", "users_totals_v1"),
            "statistics", List.of("statistics_days_v2", "statistics_totals_v2", "statistics_users_v2"),
            "activity", List.of("activity_v2"));

    @TempDir
    Path folder;

    @Test
    void whereTheLogHasLostItsBeginningTheHistoryIsAskedForAndReadBeforeIt() throws Exception {
        String database = TestDatabase.newName();
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start(folder, "127.0.0.1", TestServers.freePort());
                QueryServer server = QueryServer.startWith(
                        TestServers.mongoUri(),
                        database,
                        "spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "userstore.query.rebuild.batch-size=20")) {
            History history = new RandomHistory(51).tell(40);
            server.publish(history.events());
            server.awaitApplied();
            Map<String, Map<String, BsonDocument>> before = documents(server, "");
            loseTheBeginning(broker.bootstrapServers());
            History.Person ann = history.aUserCalled("ann").signedIn("192.0.2.1");
            List<PublishedEvent> more = history.events().stream()
                    .filter(event -> event.userId().equals(ann.id().toString()))
                    .toList();
            server.publish(more);
            server.awaitApplied();

            assertThat(server.get(history.application(), "/1/events?after=0.0.0.0")
                            .status())
                    .as("a place that is gone")
                    .isEqualTo(400);
            assertThat(firstEventFromTheBeginning(server, history.application()))
                    .contains("specversion");

            for (String model : MODELS) {
                QueryServer.Answer begun = server.post("default", "/1/projections/" + model + "/rebuild");
                assertThat(begun.status()).as(begun.body()).isEqualTo(202);
                assertThat(begun.json().at("/rebuild/from").asString()).isEqualTo("store");
            }
            playTheCommandSide(broker.bootstrapServers(), history.events(), MODELS.size());
            for (String model : MODELS) {
                JsonNode after = server.awaitRebuild(model, "switched");
                assertThat(after.at("/rebuild/comparison/differences").asInt())
                        .as(after.toString())
                        .isZero();
            }
            Map<String, Map<String, BsonDocument>> after = documents(server, "_g2");
            before.forEach((collection, documents) -> assertThat(after.getOrDefault(collection, Map.of()))
                    .containsKeys(documents.keySet().toArray(String[]::new)));
            for (String path : List.of("/1/users/" + ann.id(), "/1/stats", "/1/users/" + ann.id() + "/activity")) {
                assertThat(server.get(history.application(), path, "Consistency-Token", ann.signInToken())
                                .status())
                        .isEqualTo(200);
            }
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                await().atMost(PATIENCE)
                        .until(() -> admin.listTopics().names().get().stream()
                                .noneMatch(topic -> topic.startsWith(Topics.REPLAY)));
            }
            database(server).drop();
        }
    }

    private static String firstEventFromTheBeginning(QueryServer server, String application) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.address() + "/1/events?after=beginning"))
                .header("x-api-key", "key-of-" + application)
                .timeout(PATIENCE)
                .build();
        try (HttpClient http = HttpClient.newHttpClient();
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        http.send(request, HttpResponse.BodyHandlers.ofInputStream())
                                .body(),
                        StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("data:")) {
                line = lines.readLine();
            }
            http.shutdownNow();
            return String.valueOf(line);
        }
    }

    private static void loseTheBeginning(String kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka));
                KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            List<TopicPartition> partitions = partitions(consumer, Topics.EVENTS);
            Map<TopicPartition, RecordsToDelete> lost = consumer.endOffsets(partitions).entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> RecordsToDelete.beforeOffset(end.getValue() * 2 / 3)));
            admin.deleteRecords(lost).all().get();
        }
    }

    /** Answers each request with the whole history, once with an interruption in the middle. */
    private static void playTheCommandSide(String kafka, List<PublishedEvent> events, int requests) throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka);
                Producer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            consumer.assign(List.of(new TopicPartition(Topics.REPLAYS, 0)));
            consumer.seekToBeginning(consumer.assignment());
            int answered = 0;
            while (answered < requests) {
                for (ConsumerRecord<byte[], byte[]> request : consumer.poll(Duration.ofMillis(200))) {
                    String topic = new String(request.value(), StandardCharsets.UTF_8);
                    if (answered++ == 0) {
                        publish(producer, topic, events.subList(0, events.size() / 2));
                    }
                    publish(producer, topic, events);
                    for (TopicPartition partition : partitions(consumer, topic)) {
                        ProducerRecord<byte[], byte[]> end =
                                new ProducerRecord<>(topic, partition.partition(), null, null);
                        end.headers().add(Topics.REPLAY_END, new byte[0]);
                        producer.send(end).get();
                    }
                }
            }
        }
    }

    private static void publish(Producer<byte[], byte[]> producer, String topic, List<PublishedEvent> events)
            throws Exception {
        for (PublishedEvent event : events) {
            ProducerRecord<byte[], byte[]> record = QueryServer.record(event);
            producer.send(new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers()));
        }
        producer.flush();
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String kafka) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", kafka);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> all = new ArrayList<>();
        consumer.partitionsFor(topic).forEach(each -> all.add(new TopicPartition(topic, each.partition())));
        return all;
    }

    private static Map<String, Map<String, BsonDocument>> documents(QueryServer server, String suffix) {
        Map<String, Map<String, BsonDocument>> all = new TreeMap<>();
        COLLECTIONS.values().stream()
                .flatMap(List::stream)
                .forEach(name -> all.put(name, TestDatabase.documents(database(server), name + suffix)));
        return all;
    }

    private static MongoDatabase database(QueryServer server) {
        return server.context().getBean(MongoDatabase.class);
    }
}
