package io.userstore.audit.source;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic, read without a group: nobody else notices. Memory for one batch at a time. Not thread-safe. */
public final class EventTopic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long SILENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param bootstrapServers where Kafka is
     * @throws org.apache.kafka.common.KafkaException at the first use, when it is away
     */
    public EventTopic(String bootstrapServers, String topic) {
        this.topic = topic;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        // A request that waits for more holds up the one for the next partition.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1_000,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        15_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * A part of a partition.
     *
     * @param begin the first offset
     * @param end behind the last
     */
    public record Range(int partition, long begin, long end) {
        /** Offsets in it; with records deleted or compacted away there are fewer records. */
        public long size() {
            return Math.max(0, end - begin);
        }
    }

    /** Takes what was read, a batch at a time. */
    @FunctionalInterface
    public interface Batches {
        void take(List<LogRecord> batch) throws SQLException, IOException;
    }

    /** Likewise, and tells whether to go on. */
    @FunctionalInterface
    public interface Following {
        boolean take(List<LogRecord> batch) throws SQLException, IOException;
    }

    /** What each partition holds now, in the order of partitions; empty when there is no such topic. */
    public List<Range> ranges() {
        List<TopicPartition> partitions = partitions();
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        return partitions.stream()
                .map(one -> new Range(one.partition(), begins.getOrDefault(one, 0L), ends.getOrDefault(one, 0L)))
                .toList();
    }

    private List<TopicPartition> partitions() {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        return found == null
                ? List.of()
                : found.stream()
                        .map(one -> new TopicPartition(topic, one.partition()))
                        .sorted(Comparator.comparingInt(TopicPartition::partition))
                        .toList();
    }

    /** Reads one part, in order, a batch at a time. */
    public void read(Range range, Batches batches) throws SQLException, IOException {
        read(List.of(range), batches);
    }

    /** Reads several parts side by side; each of them in order. */
    public void read(List<Range> ranges, Batches batches) throws SQLException, IOException {
        Map<TopicPartition, Long> ends = new HashMap<>();
        ranges.stream()
                .filter(range -> range.size() > 0)
                .forEach(range -> ends.put(new TopicPartition(topic, range.partition()), range.end()));
        consumer.assign(ends.keySet());
        // One that was read before, and paused at its end, stays paused over an assignment.
        consumer.resume(ends.keySet());
        ranges.stream()
                .filter(range -> range.size() > 0)
                .forEach(range -> consumer.seek(new TopicPartition(topic, range.partition()), range.begin()));
        long heard = System.nanoTime();
        while (!ends.isEmpty()) {
            List<LogRecord> batch = poll(one -> one.offset() < ends.getOrDefault(partitionOf(one), 0L));
            if (!batch.isEmpty()) {
                batches.take(batch);
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > SILENCE_NANOS) {
                throw new TimeoutException("Kafka has sent nothing for 30 s, though there is more");
            }
            if (ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue())) {
                heard = System.nanoTime();
                List<TopicPartition> done = new ArrayList<>(consumer.assignment());
                done.removeAll(ends.keySet());
                consumer.pause(done);
            }
        }
    }

    /** Reads from where these begin, for as long as it is wanted; asks again and again, also while there is nothing. */
    public void follow(List<Range> from, Following following) throws SQLException, IOException {
        consumer.assign(from.stream()
                .map(range -> new TopicPartition(topic, range.partition()))
                .toList());
        from.forEach(range -> consumer.seek(new TopicPartition(topic, range.partition()), range.begin()));
        boolean more = true;
        while (more) {
            more = following.take(poll(one -> true));
        }
    }

    private List<LogRecord> poll(Predicate<ConsumerRecord<?, ?>> wanted) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        List<LogRecord> batch = new ArrayList<>(polled.count());
        for (ConsumerRecord<byte[], byte[]> one : polled) {
            if (wanted.test(one)) {
                batch.add(new LogRecord(one));
            }
        }
        return batch;
    }

    private static TopicPartition partitionOf(ConsumerRecord<?, ?> one) {
        return new TopicPartition(one.topic(), one.partition());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
