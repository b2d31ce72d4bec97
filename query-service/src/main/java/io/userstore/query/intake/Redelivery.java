package io.userstore.query.intake;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ListenerUtils;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * For ever: a batch that cannot be applied now will be, and what comes after it waits. The consumer is set back to where the batch
 * begins and reads it again, after a pause that grows, so nothing is held in memory that another consumer may have taken over, or
 * that a generation which joins meanwhile must not be given. Of a container, whose threads each have a pause of their own.
 */
final class Redelivery implements CommonErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Redelivery.class);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LAST_PAUSE_MILLIS = 2_000;

    private final ThreadLocal<Failure> last = ThreadLocal.withInitial(() -> new Failure(Map.of(), 0));

    /** Where the batch begins that failed, and how long it was waited for then. */
    private record Failure(Map<TopicPartition, Long> begins, long pause) {}

    @Override
    public boolean seeksAfterHandling() {
        return true;
    }

    @Override
    public boolean isAckAfterHandle() {
        return false;
    }

    @Override
    public void handleBatch(
            Exception thrown,
            ConsumerRecords<?, ?> batch,
            Consumer<?, ?> consumer,
            MessageListenerContainer container,
            Runnable invokeListener) {
        Map<TopicPartition, Long> begins = new HashMap<>();
        batch.partitions()
                .forEach(partition -> begins.put(
                        partition, batch.records(partition).getFirst().offset()));
        begins.forEach((partition, offset) -> {
            if (consumer.assignment().contains(partition)) {
                consumer.seek(partition, offset);
            }
        });
        Failure before = last.get();
        boolean again = before.begins.equals(begins);
        long pause = again ? Math.min(before.pause * 2, LAST_PAUSE_MILLIS) : FIRST_PAUSE_MILLIS;
        last.set(new Failure(begins, pause));
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        if (again) {
            LOG.debug("a batch comes again after", thrown);
        } else {
            LOG.warn(
                    "a batch cannot be applied now and comes again: {}",
                    cause.getClass().getName());
        }
        try {
            ListenerUtils.stoppableSleep(container, pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    @Override
    public void handleOtherException(
            Exception thrown, Consumer<?, ?> consumer, MessageListenerContainer container, boolean batchListener) {
        LOG.warn("the consumer goes on after {}", thrown.toString());
    }

    @Override
    public void clearThreadState() {
        last.remove();
    }
}
