package io.userstore.query.intake;

import io.userstore.api.event.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the command side to publish the history once more, on a topic that is made for it and deleted afterwards. */
final class Replays {
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private final IntakeSettings settings;
    private final Producer<byte[], byte[]> producer;

    Replays(Admin admin, IntakeSettings settings, Producer<byte[], byte[]> producer) {
        this.admin = admin;
        this.settings = settings;
        this.producer = producer;
    }

    /** A name that no topic has. */
    static String newTopic() {
        return Topics.REPLAY + UUID.randomUUID();
    }

    /**
     * Makes the topic, with as many partitions as the log has, and asks. Asked twice, the history comes twice, which is dropped.
     *
     * @throws KafkaException when the broker does not take it
     */
    void ask(String topic, int partitions) {
        create(new NewTopic(topic, partitions, settings.replicationFactor()).configs(Topics.REPLAYS_CONFIG));
        await(producer.send(new ProducerRecord<>(Topics.REPLAYS, topic.getBytes(StandardCharsets.UTF_8))));
    }

    private void create(NewTopic topic) {
        try {
            await(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            LOG.debug("somebody else has made it", e);
        }
    }

    /** How many records are there by now; 0 when the topic is not there. */
    long records(String topic, int partitions) {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        try {
            return await(admin.listOffsets(all).all()).values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (UnknownTopicOrPartitionException e) {
            return 0;
        }
    }

    /** Deletes the topic; where that does not succeed, Kafka deletes what is in it after a week. */
    void forget(String topic) {
        try {
            await(admin.deleteTopics(List.of(topic)).all());
        } catch (UnknownTopicOrPartitionException e) {
            LOG.debug("somebody else has deleted it", e);
        } catch (KafkaException e) {
            LOG.warn("the topic {} could not be deleted", topic, e);
        }
    }

    private static <T> T await(Future<T> answer) {
        return KafkaAnswers.await(answer, PATIENCE);
    }
}
