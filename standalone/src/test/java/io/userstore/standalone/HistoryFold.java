package io.userstore.standalone;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.api.event.UserEvent;
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
    private int logins;

    static HistoryFold of(String bootstrapServers) {
        HistoryFold fold = new HistoryFold();
        Map<String, Object> config = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.EVENTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<TopicPartition> left = new ArrayList<>(partitions);
            while (!left.isEmpty()) {
                consumer.poll(Duration.ofMillis(100)).forEach(fold::take);
                left.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            }
        }
        return fold;
    }

    private void take(ConsumerRecord<byte[], byte[]> sent) {
        PublishedEvent event = EventCodec.decode(
                name -> {
                    Header header = sent.headers().lastHeader(name);
                    return header == null ? null : header.value();
                },
                sent.value());
        if (seen.add(event.userId() + event.type().stream() + event.sequence())) {
            apply(event);
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
