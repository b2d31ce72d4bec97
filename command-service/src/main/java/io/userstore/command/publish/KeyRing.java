package io.userstore.command.publish;

import io.userstore.api.event.Topics;
import io.userstore.command.store.UserKeys;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Tells those who follow {@link Topics#USER_KEYS} which key a user has, wrapped: what the table says now, not what it said
 * then, so that a history which is published anew never brings the key of a deleted user back. Thread-safe.
 */
final class KeyRing {
    private final Producer<byte[], byte[]> producer;
    private final PublishedTopic topic;
    private final UserKeys keys;

    KeyRing(Producer<byte[], byte[]> producer, PublishedTopic topic, UserKeys keys) {
        this.producer = producer;
        this.topic = topic;
        this.keys = keys;
    }

    /**
     * Publishes the keys of these users, or that they have none; when it returns, Kafka has them.
     *
     * <p>Looks a second time afterwards: somebody else may have destroyed a key in between, or wrapped it anew, and told so
     * before this one told what was before.
     *
     * @throws IllegalStateException when Kafka does not take them; to be tried again
     */
    void publish(Set<String> userIds) {
        if (userIds.isEmpty()) {
            return;
        }
        topic.ensureExists();
        Map<String, String> wrapped = keys.wrapped(userIds);
        send(userIds, wrapped);
        Map<String, String> now = keys.wrapped(wrapped.keySet());
        Set<String> changed = new TreeSet<>(wrapped.keySet());
        changed.removeIf(userId -> Objects.equals(wrapped.get(userId), now.get(userId)));
        send(changed, now);
    }

    /**
     * Publishes keys as they are now, to be called while nobody can destroy them; when it returns, Kafka has them.
     *
     * @throws IllegalStateException when Kafka does not take them
     */
    void publish(Map<String, String> wrapped) {
        topic.ensureExists();
        send(wrapped.keySet(), wrapped);
    }

    private void send(Set<String> userIds, Map<String, String> wrapped) {
        Acknowledgements.await(Acknowledgements.send(
                producer,
                userIds.stream()
                        .map(userId -> new ProducerRecord<>(Topics.USER_KEYS, utf8(userId), value(wrapped.get(userId))))
                        .toList()));
    }

    private static byte @Nullable [] value(@Nullable String wrapped) {
        return wrapped == null ? null : utf8(wrapped);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
