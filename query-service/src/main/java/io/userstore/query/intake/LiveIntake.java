package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.api.consistency.Pacing;
import io.userstore.query.intake.Feeding.Fed;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.ModelState;
import io.userstore.query.projection.Progress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchConsumerAwareMessageListener;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ConsumerSeekAware;

/**
 * The intake as its consumers see it. A consumer that gets partitions is set to where the read models are, whatever Kafka
 * remembers; so it is, for all its partitions, when a generation comes to be fed that it has not fed before. That generation's
 * progress is then noted under its own key, which tells everybody that the partition is taken care of. Batches are applied, noted,
 * and reported.
 */
final class LiveIntake
        implements BatchConsumerAwareMessageListener<byte[], byte[]>,
                ConsumerAwareRebalanceListener,
                ConsumerSeekAware {
    private static final Logger LOG = LoggerFactory.getLogger(LiveIntake.class);
    private static final long PAUSE_MILLIS = 500;
    private static final Duration MOST_REST = Duration.ofMillis(25);
    private static final int LARGE = 200;

    private final LiveFeeds feeds;
    private final Generations generations;
    private final BatchIntake batches;
    private final Progress progress;
    private final ProgressReports reports;
    private final Runnable joined;

    /** One for each thread of the container, which is one consumer's. */
    private final ThreadLocal<Own> own = ThreadLocal.withInitial(Own::new);

    private static final class Own {
        private final Pacing pacing = new Pacing(MOST_REST, LARGE);
        /** Null before the first partitions. */
        private LiveFeeds.@Nullable Current current;

        private Feeding feeding = new Feeding(List.of());
    }

    /** Sets the consumer of this thread to an offset. */
    @FunctionalInterface
    private interface Seek {
        void to(TopicPartition partition, long offset);
    }

    /** @param joined is told whenever the consumer has got its share of the partitions, be it none */
    LiveIntake(
            LiveFeeds feeds,
            Generations generations,
            BatchIntake batches,
            Progress progress,
            ProgressReports reports,
            Runnable joined) {
        this.feeds = feeds;
        this.generations = generations;
        this.batches = batches;
        this.progress = progress;
        this.reports = reports;
        this.joined = joined;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Own mine = own.get();
        while (true) {
            try {
                // Not from memory: whoever had these partitions before may have learned more than this instance yet
                // has.
                generations.refresh();
                LiveFeeds.Current before = mine.current;
                if (!adopt(mine, consumer.assignment(), consumer::seek) && before != null) {
                    begin(feeds.current(), mine.feeding, partitions, consumer::seek);
                }
                break;
            } catch (MongoException e) {
                // To begin elsewhere would leave a gap.
                LOG.warn("the intake waits for MongoDB to tell how far it is");
                pause();
            }
        }
        joined.run();
    }

    /** Nothing has to be done: whatever is applied is noted. Two interfaces would do that by default. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        LOG.debug("partitions go elsewhere: {}", partitions);
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records, @Nullable Consumer<?, ?> polled) {
        Own mine = own.get();
        Consumer<?, ?> consumer = Objects.requireNonNull(polled);
        if (adopt(mine, consumer.assignment(), consumer::seek)) {
            // These come again, after those that the new generation lacks.
            return;
        }
        mine.pacing.begin();
        Feeding feeding = mine.feeding;
        List<BatchIntake.Applied> applied = batches.take(records, feeding);
        progress.store(feeding.keys(), BatchIntake.last(records));
        reports.report(
                feeding.feeds().stream()
                        .filter(Fed::serving)
                        .map(fed -> fed.feed().name())
                        .toList(),
                applied);
        mine.pacing.end(records.size());
    }

    @Override
    public void onIdleContainer(Map<TopicPartition, Long> positions, ConsumerSeekCallback callback) {
        try {
            adopt(
                    own.get(),
                    positions.keySet(),
                    (partition, offset) -> callback.seek(partition.topic(), partition.partition(), offset));
        } catch (MongoException e) {
            LOG.debug("a generation is joined later", e);
        }
    }

    /**
     * Takes over what is to be fed now.
     *
     * @return whether the consumer was set back for a generation that is new to it
     */
    private boolean adopt(Own mine, Set<TopicPartition> partitions, Seek seek) {
        LiveFeeds.Current now = feeds.current();
        if (now == mine.current) {
            return false;
        }
        Set<Generation> before = generations(mine.feeding.feeds());
        Set<Generation> added = generations(now.feeds());
        added.removeAll(before);
        if (added.isEmpty()) {
            mine.feeding = mine.feeding.with(now.feeds());
            mine.current = now;
            return false;
        }
        Feeding feeding = new Feeding(now.feeds());
        begin(now, feeding, partitions, seek);
        mine.feeding = feeding;
        mine.current = now;
        return true;
    }

    private static Set<Generation> generations(List<Fed> feeds) {
        Set<Generation> all = new HashSet<>();
        feeds.forEach(fed -> all.add(fed.generation()));
        return all;
    }

    /** Sets the consumer to the event behind the last that all generations have of each partition. */
    private void begin(LiveFeeds.Current current, Feeding feeding, Collection<TopicPartition> partitions, Seek seek) {
        Map<String, Map<Integer, Long>> known = progress.all();
        Map<Integer, Map<String, Long>> taken = new HashMap<>();
        Map<TopicPartition, Long> from = new HashMap<>();
        for (TopicPartition partition : partitions) {
            int number = partition.partition();
            long least = Long.MAX_VALUE;
            for (Fed fed : current.feeds()) {
                Generation generation = fed.generation();
                Long live = offset(known, generation.key(), number);
                if (live == null && isJoining(current.known().of(generation.model()), generation)) {
                    Long filled = offset(known, generation.fillKey(), number);
                    live = filled == null ? -1L : filled;
                    taken.computeIfAbsent(number, key -> new HashMap<>()).put(generation.key(), live);
                }
                long last = live == null ? -1 : live;
                feeding.begins(generation, number, last);
                least = Math.min(least, last);
            }
            from.put(partition, least + 1);
        }
        if (!taken.isEmpty()) {
            progress.store(taken);
        }
        from.forEach(seek::to);
    }

    private static boolean isJoining(ModelState state, Generation generation) {
        return state.underWay() != null && state.underWay().generation() == generation.number();
    }

    private static @Nullable Long offset(Map<String, Map<Integer, Long>> known, String key, int partition) {
        return known.getOrDefault(key, Map.of()).get(partition);
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
