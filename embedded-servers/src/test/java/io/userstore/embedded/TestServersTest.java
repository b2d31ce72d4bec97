package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class TestServersTest {

    @Test
    void postgresTakesAStatement() throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        TestServers.jdbcUrl(), TestServers.jdbcUsername(), TestServers.jdbcPassword());
                ResultSet result = connection.createStatement().executeQuery("SELECT 1 + 1")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getInt(1)).isEqualTo(2);
        }
    }

    @Test
    void kafkaKeepsARecord() throws Exception {
        String topic = "a-topic-" + UUID.randomUUID();
        Map<String, Object> servers = Map.of("bootstrap.servers", TestServers.kafkaBootstrapServers());
        try (Admin admin = Admin.create(servers)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(servers, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", "value")).get(30, TimeUnit.SECONDS);
        }
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(servers, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> consumer.poll(Duration.ofMillis(200)).count() == 1);
        }
    }

    @Test
    void mongoFindsADocument() {
        try (MongoClient client = MongoClients.create(TestServers.mongoUri())) {
            MongoCollection<Document> collection = client.getDatabase("test").getCollection("c" + UUID.randomUUID());
            collection.insertOne(new Document("_id", 1).append("name", "Ada"));
            assertThat(collection.find(Filters.eq("name", "Ada")).first()).containsEntry("_id", 1);
        }
    }
}
