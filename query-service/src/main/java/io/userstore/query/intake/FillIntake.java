package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.api.event.Topics;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.Progress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * Fills one generation, beside the intake: with progress of its own, and telling nobody. What it cannot take is counted and is no
 * dead letter: the intake has put that aside when it came.
 *
 * <p>From the log, or from a topic on which the history is published once more. The latter lies before the log: its offsets are
 * moved below zero, partition by partition, so that all who go by offsets find one log that begins earlier. At its end stands a
 * record that says so; with that the partition's progress is the offset just before the log.
 */
final class FillIntake implements BatchMessageListener<byte[], byte[]>, ConsumerAwareRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(FillIntake.class);
    private static final long PAUSE_MILLIS = 500;
    /** More than any topic has. */
    static final long BEFORE_THE_LOG = 1L << 40;
    /** The progress of a partition whose history has been read, and of one where nothing has. */
    static final long AT_THE_LOG = -1;

    private static final long NOTHING = Long.MIN_VALUE;

    private final Generation generation;
    private final ProjectionFeed feed;
    private final BatchIntake batches;
    private final Progress progress;
    private final long moved;
    private final Map<Integer, Long> refused = new ConcurrentHashMap<>();
    private final ThreadLocal<Feeding> feeding;

    /**
     * @param batches makes the taking of batches with what is told of refused records
     * @param fromStore whether it is the topic of a history that is read
     */
    FillIntake(ProjectionFeed feed, Function<Aside, BatchIntake> batches, Progress progress, boolean fromStore) {
        this.moved = fromStore ? BEFORE_THE_LOG : 0;
        this.generation = feed.generation();
        this.feed = feed;
        this.progress = progress;
        this.batches = batches.apply((fed, letters) ->
                letters.forEach(letter -> refused.merge(letter.record().partition(), 1L, Long::sum)));
        this.feeding = ThreadLocal.withInitial(() -> new Feeding(List.of(new Feeding.Fed(this.feed, false))));
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<String, Map<Integer, Long>> known = known(consumer, partitions);
        for (TopicPartition partition : partitions) {
            int number = partition.partition();
            // In the log nothing is before its beginning; in a history, what was read of it is.
            long none = moved == 0 ? AT_THE_LOG : NOTHING;
            long last = known.getOrDefault(generation.fillKey(), Map.of()).getOrDefault(number, none);
            feeding.get().begins(generation, number, last);
            refused.put(
                    number,
                    known.getOrDefault(generation.refusedKey(), Map.of()).getOrDefault(number, 0L));
            if (last == NOTHING) {
                consumer.seek(partition, 0);
            } else if (moved != 0 && last >= AT_THE_LOG) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, last + 1 + moved);
            }
        }
    }

    private Map<String, Map<Integer, Long>> known(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        while (true) {
            try {
                if (moved == 0) {
                    passOverWhatIsLost(consumer.beginningOffsets(partitions));
                }
                return progress.all();
            } catch (MongoException | TimeoutException e) {
                LOG.warn("the filling of {} waits to be told how far it is", generation.key());
                pause();
            }
        }
    }

    /** Where the log has lost its beginning, all that is known of it has been read, though it has offsets that nobody reads. */
    private void passOverWhatIsLost(Map<TopicPartition, Long> begins) {
        Map<Integer, Map<String, Long>> numbers = new HashMap<>();
        begins.forEach((partition, begin) -> {
            if (begin > 0) {
                numbers.put(partition.partition(), Map.of(generation.fillKey(), begin - 1));
            }
        });
        if (!numbers.isEmpty()) {
            progress.store(numbers);
        }
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> polled) {
        List<ConsumerRecord<byte[], byte[]>> records = moved == 0 ? polled : beforeTheLog(polled);
        Map<Integer, Long> before = Map.copyOf(refused);
        try {
            batches.take(records, feeding.get());
        } catch (RuntimeException e) {
            // The batch comes again, and is counted again.
            records.forEach(record -> refused.put(record.partition(), before.getOrDefault(record.partition(), 0L)));
            throw e;
        }
        Map<Integer, Map<String, Long>> numbers = new HashMap<>();
        Map<Integer, Long> offsets = BatchIntake.last(records);
        if (moved != 0) {
            polled.stream().filter(FillIntake::isEnd).forEach(end -> offsets.put(end.partition(), AT_THE_LOG));
        }
        offsets.forEach((partition, offset) -> numbers.put(
                partition,
                Map.of(generation.fillKey(), offset, generation.refusedKey(), refused.getOrDefault(partition, 0L))));
        progress.store(numbers);
    }

    private List<ConsumerRecord<byte[], byte[]>> beforeTheLog(List<ConsumerRecord<byte[], byte[]>> polled) {
        return polled.stream()
                .filter(record -> !isEnd(record))
                .map(record -> new ConsumerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.offset() - moved,
                        record.timestamp(),
                        record.timestampType(),
                        record.serializedKeySize(),
                        record.serializedValueSize(),
                        record.key(),
                        record.value(),
                        record.headers(),
                        record.leaderEpoch()))
                .toList();
    }

    private static boolean isEnd(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(Topics.REPLAY_END) != null;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }
}
