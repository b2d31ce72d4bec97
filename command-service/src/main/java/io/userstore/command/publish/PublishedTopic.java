package io.userstore.command.publish;

import io.userstore.api.event.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A topic that is published on: made before the first record, and left as it is when it exists. Its partitions are never
 * added to, since a user's later events would then go to another partition than the earlier.
 */
final class PublishedTopic {
    private static final long PATIENCE_SECONDS = 10;
    private static final String FOR_EVER = "-1";

    private final Admin admin;
    private final NewTopic topic;
    private volatile boolean exists;

    private PublishedTopic(Admin admin, NewTopic topic) {
        this.admin = admin;
        this.topic = topic;
    }

    /** Every event of users. */
    static PublishedTopic events(Admin admin, PublishSettings settings) {
        Map<String, String> config = Map.of(TopicConfig.RETENTION_MS_CONFIG, FOR_EVER);
        return new PublishedTopic(
                admin, topic(Topics.EVENTS, settings.partitions(), settings).configs(config));
    }

    /** The keys of users, in as many partitions. */
    static PublishedTopic userKeys(Admin admin, PublishSettings settings) {
        return new PublishedTopic(
                admin, topic(Topics.USER_KEYS, settings.partitions(), settings).configs(Topics.USER_KEYS_CONFIG));
    }

    /** What keys grant; one partition, since it is small and read as a whole. */
    static PublishedTopic apiKeys(Admin admin, PublishSettings settings) {
        return new PublishedTopic(admin, topic(Topics.API_KEYS, 1, settings).configs(Topics.API_KEYS_CONFIG));
    }

    /** The heads of the audit log; one partition, so that they come in the order in which they were signed. */
    static PublishedTopic heads(Admin admin, PublishSettings settings) {
        Map<String, String> config = Map.of(TopicConfig.RETENTION_MS_CONFIG, FOR_EVER);
        return new PublishedTopic(admin, topic(Topics.AUDIT_HEADS, 1, settings).configs(config));
    }

    /** What others ask to be published again; a week is longer than anybody waits. */
    static PublishedTopic replays(Admin admin, PublishSettings settings) {
        return new PublishedTopic(admin, topic(Topics.REPLAYS, 1, settings).configs(Topics.REPLAYS_CONFIG));
    }

    private static NewTopic topic(String name, int partitions, PublishSettings settings) {
        return new NewTopic(
                name,
                Optional.of(partitions),
                settings.replicationFactor() < 0 ? Optional.empty() : Optional.of(settings.replicationFactor()));
    }

    /** @throws KafkaException when Kafka does not make it now */
    void ensureExists() {
        if (exists) {
            return;
        }
        try {
            admin.createTopics(List.of(topic)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            exists = true;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("the topic " + topic.name() + " cannot be made", e.getCause());
            }
            exists = true;
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while making a topic", e);
        }
    }
}
