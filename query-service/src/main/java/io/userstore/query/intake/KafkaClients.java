package io.userstore.query.intake;

import io.userstore.kafka.DeferredClient;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** Makes the Kafka clients of the read side: Boot's connection settings, our own delivery settings. */
final class KafkaClients {
    /** A dead letter is its record and some headers, which must fit even when the record was as large as can be. */
    static final int MAX_DEAD_LETTER_BYTES = 2 * 1024 * 1024;

    private static final int FILL_FETCH_BYTES = 4 * 1024 * 1024;

    private final KafkaProperties properties;
    private final IntakeSettings settings;

    KafkaClients(KafkaProperties properties, IntakeSettings settings) {
        this.properties = properties;
        this.settings = settings;
    }

    /** For the intake. */
    ConsumerFactory<byte[], byte[]> consumers(String group) {
        return factory(events(group));
    }

    /** For filling: as many at once as may come. */
    ConsumerFactory<byte[], byte[]> fills(String group, int batchSize) {
        Map<String, Object> config = events(group);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, group);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batchSize);
        // What is fetched ahead lies in memory beside all the rest.
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FILL_FETCH_BYTES);
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 600_000);
        return factory(config);
    }

    private static ConsumerFactory<byte[], byte[]> factory(Map<String, Object> config) {
        return new DefaultKafkaConsumerFactory<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> events(String group) {
        Map<String, Object> config = new HashMap<>(properties.buildConsumerProperties());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.consumerGroup());
        if (settings.instanceId() != null) {
            config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.consumerGroup() + '-' + settings.instanceId());
        }
        // What Kafka remembers is for the tools that show lag, and is asked of nobody else; now and then is enough.
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true);
        config.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, 5_000);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batchSize());
        // An event is handed over the moment it is there; only an idle fetch waits.
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        // After a kill -9 the partitions wait for as long as this.
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000);
        return config;
    }

    /** For the keys of the API. */
    Consumer<byte[], byte[]> apiKeys() {
        return table("-api-keys");
    }

    /** For the keys of users. */
    Consumer<byte[], byte[]> userKeys() {
        return table("-user-keys");
    }

    /** For what every instance reads for itself, shared with nobody; a topic is never made by asking for it. */
    private Consumer<byte[], byte[]> table(String name) {
        Map<String, Object> config = new HashMap<>(properties.buildConsumerProperties());
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.consumerGroup() + name);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** For progress reports: at once, and never holding up the projection. A lost one costs a client a short wait. */
    Producer<byte[], byte[]> reports() {
        Map<String, Object> config = producer("reports");
        config.put(ProducerConfig.ACKS_CONFIG, "1");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 100);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 5_000);
        return DeferredClient.producer(config);
    }

    /** For dead letters: none may be lost. */
    Producer<byte[], byte[]> deadLetters() {
        Map<String, Object> config = producer("dead-letters");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_DEAD_LETTER_BYTES);
        return DeferredClient.producer(config);
    }

    Admin admin() {
        Map<String, Object> config = new HashMap<>(properties.buildAdminProperties());
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, settings.consumerGroup() + "-admin");
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
        return DeferredClient.admin(config);
    }

    private Map<String, Object> producer(String name) {
        Map<String, Object> config = new HashMap<>(properties.buildProducerProperties());
        config.put(ProducerConfig.CLIENT_ID_CONFIG, settings.consumerGroup() + '-' + name);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        return config;
    }
}
