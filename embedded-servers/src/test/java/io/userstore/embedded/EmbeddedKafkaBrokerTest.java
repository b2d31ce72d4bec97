package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.embedded.ServerProcess.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaBrokerTest {

    private static final String HOST = "127.0.0.1";
    private static final String TOPIC = "facts";
    private static final int ACKNOWLEDGED = 500;

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final Map<String, Object> servers = Map.of(
            "bootstrap.servers",
            HOST + ":" + port,
            "acks",
            "all",
            "delivery.timeout.ms",
            "30000",
            "request.timeout.ms",
            "10000",
            "linger.ms",
            "0");

    @Test
    void keepsAcknowledgedRecordsWhenItsProcessIsKilled() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        try (ServerProcess process = ServerProcess.start(Server.KAFKA, directory, port)) {
            createTopic();
            try (KafkaProducer<String, String> producer = producer()) {
                for (int i = 0; i < ACKNOWLEDGED; i++) {
                    producer.send(new ProducerRecord<>(TOPIC, "fact " + i)).get(30, TimeUnit.SECONDS);
                    acknowledged.add("fact " + i);
                }
                process.kill();
            }
        }
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start(directory, HOST, port)) {
            assertThat(broker.bootstrapServers()).isEqualTo(HOST + ":" + port);
            assertThat(read(ACKNOWLEDGED)).isEqualTo(acknowledged);
        }
    }

    @Test
    void keepsRecordsOverARestart() throws Exception {
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start(directory, HOST, port);
                KafkaProducer<String, String> producer = producer()) {
            createTopic();
            producer.send(new ProducerRecord<>(TOPIC, "kept")).get(30, TimeUnit.SECONDS);
            assertThat(broker.bootstrapServers()).endsWith(":" + port);
        }
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start(directory, HOST, port)) {
            assertThat(read(1)).containsExactly("kept");
            assertNoTopicComesByItself();
            broker.close();
        }
    }

    private void assertNoTopicComesByItself() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", HOST + ":" + port))) {
            assertThatThrownBy(() -> admin.describeTopics(List.of("unknown"))
                            .allTopicNames()
                            .get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", HOST + ":" + port))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(servers, new StringSerializer(), new StringSerializer());
    }

    private List<String> read(int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", HOST + ":" + port), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            consumer.seekToBeginning(consumer.assignment());
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                for (ConsumerRecord<String, String> fact : consumer.poll(Duration.ofMillis(200))) {
                    values.add(fact.value());
                }
                return values.size() >= count;
            });
        }
        return values;
    }
}
