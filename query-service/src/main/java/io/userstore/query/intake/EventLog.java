package io.userstore.query.intake;

import io.userstore.api.event.Topics;
import io.userstore.query.projection.Generation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics: makes those that are not there, and tells how long the log of events is. */
final class EventLog {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final IntakeSettings settings;

    EventLog(Admin admin, IntakeSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /** The offsets of one partition: the first that is there, and the next to be written. */
    record Span(long begin, long end) {}

    /**
     * Creates the topics that are missing. One that exists stays as it is, whatever its partitions: to add some would
     * tear the events of a user apart.
     *
     * @throws KafkaException when the broker is away
     */
    void create() {
        String forever = "-1";
        create(Topics.EVENTS, settings.partitions(), Map.of(TopicConfig.RETENTION_MS_CONFIG, forever));
        create(
                Topics.DEAD_LETTERS,
                settings.partitions(),
                Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        forever,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(KafkaClients.MAX_DEAD_LETTER_BYTES)));
        String anHour = Long.toString(Duration.ofHours(1).toMillis());
        create(Topics.USER_KEYS, settings.partitions(), Topics.USER_KEYS_CONFIG);
        create(Topics.API_KEYS, 1, Topics.API_KEYS_CONFIG);
        create(Topics.REPLAYS, 1, Topics.REPLAYS_CONFIG);
        create(Topics.PROGRESS, 1, Map.of(TopicConfig.RETENTION_MS_CONFIG, anHour));
    }

    private void create(String name, int partitions, Map<String, String> config) {
        NewTopic topic = new NewTopic(name, partitions, settings.replicationFactor()).configs(config);
        try {
            await(admin.createTopics(List.of(topic)).all());
        } catch (TopicExistsException e) {
            // As it should be, except at the very first start.
        }
    }

    /** @throws KafkaException when the broker is away */
    Map<Integer, Span> spans() {
        List<TopicPartition> partitions = partitions(Topics.EVENTS);
        Map<TopicPartition, ListOffsetsResultInfo> begins = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(partitions, OffsetSpec.latest());
        Map<Integer, Span> spans = new HashMap<>();
        ends.forEach((partition, end) -> {
            ListOffsetsResultInfo begin = begins.get(partition);
            spans.put(partition.partition(), new Span(begin == null ? 0 : begin.offset(), end.offset()));
        });
        return spans;
    }

    /**
     * Where the log of users' keys ends, by partition.
     *
     * @throws KafkaException when the broker is away
     */
    Map<Integer, Long> endsOfKeys() {
        Map<Integer, Long> ends = new HashMap<>();
        offsets(partitions(Topics.USER_KEYS), OffsetSpec.latest())
                .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
        return ends;
    }

    /**
     * Whether instances of another version are there that feed this version of a read model: their consumer group has members.
     *
     * @throws KafkaException when the broker is away
     */
    boolean isFedByOthers(Generation generation) {
        List<String> others = await(admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .filter(group -> settings.mayFeed(group, generation))
                .toList();
        return await(admin.describeConsumerGroups(others).all()).values().stream()
                .anyMatch(group -> !group.members().isEmpty());
    }

    private List<TopicPartition> partitions(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .flatMap(described -> described.partitions().stream())
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        return await(admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec)),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
    }

    private static <T> T await(KafkaFuture<T> answer) {
        return KafkaAnswers.await(answer, PATIENCE);
    }
}
