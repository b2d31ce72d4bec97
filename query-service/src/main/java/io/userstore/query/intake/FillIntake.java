package io.userstore.query.intake;

import com.mongodb.MongoException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * Fills one generation from the log, beside the intake: in large batches, with progress of its own, and telling nobody. What it
 * cannot take is counted and is no dead letter: the intake has put that aside when it came.
 */
final class FillIntake implements BatchMessageListener<byte[], byte[]>, ConsumerAwareRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(FillIntake.class);
    private static final long PAUSE_MILLIS = 500;

    private final Generation generation;
    private final ProjectionFeed feed;
    private final BatchIntake batches;
    private final Progress progress;
    private final Map<Integer, Long> refused = new ConcurrentHashMap<>();
    private final ThreadLocal<Feeding> feeding;

    /** @param batches makes the taking of batches with what is told of refused records */
    FillIntake(ProjectionFeed feed, Function<Aside, BatchIntake> batches, Progress progress) {
        this.generation = feed.generation();
        this.feed = feed;
        this.progress = progress;
        this.batches = batches.apply((fed, letters) ->
                letters.forEach(letter -> refused.merge(letter.record().partition(), 1L, Long::sum)));
        this.feeding = ThreadLocal.withInitial(() -> new Feeding(List.of(new Feeding.Fed(this.feed, false))));
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<String, Map<Integer, Long>> known = known();
        for (TopicPartition partition : partitions) {
            int number = partition.partition();
            long last = known.getOrDefault(generation.fillKey(), Map.of()).getOrDefault(number, -1L);
            feeding.get().begins(generation, number, last);
            refused.put(
                    number,
                    known.getOrDefault(generation.refusedKey(), Map.of()).getOrDefault(number, 0L));
            consumer.seek(partition, last + 1);
        }
    }

    private Map<String, Map<Integer, Long>> known() {
        while (true) {
            try {
                return progress.all();
            } catch (MongoException e) {
                LOG.warn("the filling of {} waits for MongoDB to tell how far it is", generation.key());
                pause();
            }
        }
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Integer, Long> before = Map.copyOf(refused);
        try {
            batches.take(records, feeding.get());
        } catch (RuntimeException e) {
            // The batch comes again, and is counted again.
            records.forEach(record -> refused.put(record.partition(), before.getOrDefault(record.partition(), 0L)));
            throw e;
        }
        Map<Integer, Map<String, Long>> numbers = new HashMap<>();
        BatchIntake.last(records)
                .forEach((partition, offset) -> numbers.put(
                        partition,
                        Map.of(
                                generation.fillKey(),
                                offset,
                                generation.refusedKey(),
                                refused.getOrDefault(partition, 0L))));
        progress.store(numbers);
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
