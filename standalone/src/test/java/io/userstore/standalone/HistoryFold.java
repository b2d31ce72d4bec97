package io.userstore.standalone;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.api.event.UserEvent;
import io.userstore.api.seal.MasterKeys;
import io.userstore.api.seal.UserKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Everything that was published, from the beginning, added up in memory in the plainest way there is. */
final class HistoryFold {
    /** What a test compares of one user. */
    record Person(@Nullable String username, @Nullable String group, long version) {}

    private final Map<String, Person> people = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, UserKey> keys = new HashMap<>();
    private final MasterKeys masters;
    private int logins;

    private HistoryFold(MasterKeys masters) {
        this.masters = masters;
    }

    /** @param masters wrap the keys that the history is opened with */
    static HistoryFold of(String bootstrapServers, MasterKeys masters) {
        HistoryFold fold = new HistoryFold(masters);
        read(bootstrapServers, Topics.USER_KEYS, fold::takeKey);
        read(bootstrapServers, Topics.EVENTS, fold::take);
        return fold;
    }

    static void read(
            String bootstrapServers, String topic, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        Map<String, Object> config = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<TopicPartition> left = new ArrayList<>(partitions);
            while (!left.isEmpty()) {
                consumer.poll(Duration.ofMillis(100)).forEach(taker);
                left.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            }
        }
    }

    private void takeKey(ConsumerRecord<byte[], byte[]> sent) {
        String userId = new String(sent.key(), StandardCharsets.UTF_8);
        if (sent.value() == null) {
            keys.remove(userId);
        } else {
            keys.put(
                    userId,
                    masters.unwrap(userId, new String(sent.value(), StandardCharsets.UTF_8))
                            .orElseThrow());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> sent) {
        PublishedEvent event = EventCodec.decode(
                name -> {
                    Header header = sent.headers().lastHeader(name);
                    return header == null ? null : header.value();
                },
                sent.value());
        if (seen.add(event.userId() + event.type().stream() + event.sequence())) {
            UserKey key = keys.get(event.userId());
            apply(key == null ? event : EventCodec.open(event, key));
        }
    }

    private void apply(PublishedEvent event) {
        String id = event.userId();
        switch (event.data()) {
            case UserEvent.UserCreated created ->
                people.put(id, person(created.personal().username(), created.group(), 1));
            case UserEvent.ProfileUpdated updated ->
                people.put(id, person(updated.personal().username(), updated.group(), event.sequence()));
            case UserEvent.UserDeleted deleted -> people.remove(id);
            case UserEvent.LoginRecorded login -> logins++;
            default -> throw new IllegalStateException("the test makes no such event: " + event.type());
        }
        if (!(event.data() instanceof UserEvent.LoginRecorded)) {
            Long before = versions.put(id, event.sequence());
            if (event.sequence() != (before == null ? 0 : before) + 1) {
                throw new IllegalStateException("a gap before version " + event.sequence() + " of " + id);
            }
        }
    }

    private static Person person(@Nullable String username, @Nullable String group, long version) {
        return new Person(username, group, version);
    }

    /** By id: those that are there at the end. */
    Map<String, Person> people() {
        return people;
    }

    int logins() {
        return logins;
    }
}
