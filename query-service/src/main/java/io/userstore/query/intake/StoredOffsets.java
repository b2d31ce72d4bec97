package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.query.projection.Progress;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * Sets a consumer that gets partitions to where the read models are, whatever Kafka itself remembers. Without an answer
 * from MongoDB it waits: to begin elsewhere would leave a gap.
 */
final class StoredOffsets implements ConsumerAwareRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(StoredOffsets.class);
    private static final long PAUSE_MILLIS = 500;

    private final List<String> projections;
    private final Progress progress;
    private final Runnable joined;

    /**
     * @param projections by the keys of their progress
     * @param joined is told whenever the consumer has got its share of the partitions, be it none
     */
    StoredOffsets(List<String> projections, Progress progress, Runnable joined) {
        this.projections = List.copyOf(projections);
        this.progress = progress;
        this.joined = joined;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OptionalLong last = last(partition.partition());
            if (last.isPresent()) {
                consumer.seek(partition, last.getAsLong() + 1);
            } else {
                consumer.seekToBeginning(List.of(partition));
            }
        }
        joined.run();
    }

    private OptionalLong last(int partition) {
        while (true) {
            try {
                return progress.last(projections, partition);
            } catch (MongoException e) {
                LOG.warn("the intake waits for MongoDB to tell how far it is");
                pause();
            }
        }
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
