package io.userstore.query.intake;

import io.userstore.api.event.Topics;
import io.userstore.api.key.KeyGrant;
import io.userstore.api.key.KeyTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Reads what the keys of the API grant: from the beginning of their topic at every start, in every instance for itself,
 * and then whatever changes. While Kafka is away the keys that are known go on being valid.
 */
final class ApiKeyIntake extends TopicFollower {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyIntake.class);

    private final KeyTable keys;

    /** @param consumers makes a consumer for each start */
    ApiKeyIntake(Supplier<Consumer<byte[], byte[]>> consumers, KeyTable keys) {
        super("query-api-keys", Topics.API_KEYS, consumers);
        this.keys = keys;
    }

    @Override
    void run() {
        try {
            while (isRunning()) {
                try (Consumer<byte[], byte[]> consumer = open()) {
                    follow(consumer);
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException e) {
                    waitAfter(e);
                } finally {
                    closed();
                }
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("the reading of keys ends", e);
        }
    }

    /** With one consumer, whatever fails: another would begin anew, with grants that are over. */
    private void follow(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        Map<TopicPartition, Long> ends = Map.of();
        while (isRunning()) {
            try {
                if (ends.isEmpty()) {
                    ends = assign(consumer);
                }
                if (ends.isEmpty()) {
                    // Somebody, perhaps the watch beside, is about to make the topic.
                    Thread.sleep(TOPIC_PAUSE_MILLIS);
                } else {
                    consumer.poll(POLL).forEach(this::take);
                    completeAt(consumer, ends);
                }
            } catch (WakeupException e) {
                LOG.debug("asked to stop", e);
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                waitAfter(e);
            }
        }
    }

    private static void waitAfter(KafkaException e) throws InterruptedException {
        LOG.warn("the keys cannot be read now, those known stay valid: {}", e.getMessage());
        Thread.sleep(PAUSE_MILLIS);
    }

    /** The ends of the topic's partitions when the reading begins; none while there is no topic. */
    private Map<TopicPartition, Long> assign(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> all = partitions(consumer);
        if (all.isEmpty()) {
            return Map.of();
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
        return consumer.endOffsets(all);
    }

    private void completeAt(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        if (!keys.isComplete()
                && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            keys.complete();
            LOG.info("the keys are read");
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> sent) {
        if (sent.key() == null) {
            LOG.error("passed over a record of {} at {} that names no key", sent.topic(), sent.offset());
            return;
        }
        String keyId = new String(sent.key(), StandardCharsets.UTF_8);
        if (sent.value() == null) {
            keys.remove(keyId);
            return;
        }
        try {
            keys.put(keyId, KeyGrant.fromJson(sent.value()));
        } catch (JacksonException e) {
            // What cannot be read grants nothing, and neither does what stood there before.
            keys.remove(keyId);
            LOG.error("a record of {} at {} is no grant", sent.topic(), sent.offset());
        }
    }
}
