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
 * The topic that everything is published on: made before the first event, and left as it is when it exists. Its
 * partitions are never added to, since a user's later events would then go to another partition than the earlier.
 */
final class EventsTopic {
    private static final long PATIENCE_SECONDS = 10;
    private static final String FOR_EVER = "-1";

    private final Admin admin;
    private final PublishSettings settings;
    private volatile boolean exists;

    EventsTopic(Admin admin, PublishSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** @throws KafkaException when Kafka does not make it now */
    void ensureExists() {
        if (exists) {
            return;
        }
        NewTopic topic = new NewTopic(
                        Topics.EVENTS,
                        Optional.of(settings.partitions()),
                        settings.replicationFactor() < 0 ? Optional.empty() : Optional.of(settings.replicationFactor()))
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, FOR_EVER));
        try {
            admin.createTopics(List.of(topic)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            exists = true;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("the topic " + Topics.EVENTS + " cannot be made", e.getCause());
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
