package io.userstore.command.visibility;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;

/**
 * Reads the progress topic from its end, in every instance for itself: whoever waits must hear of all progress, so
 * there is no consumer group to share it.
 */
final class ProgressListener implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressListener.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 1_000;

    private final Consumer<byte[], byte[]> consumer;
    private final Visibility visibility;
    private final Thread thread;
    private volatile boolean running;

    ProgressListener(Consumer<byte[], byte[]> consumer, Visibility visibility) {
        this.consumer = consumer;
        this.visibility = visibility;
        this.thread = Thread.ofPlatform().name("progress-listener").daemon().unstarted(this::listen);
    }

    @Override
    public void start() {
        running = true;
        thread.start();
    }

    private void listen() {
        boolean assigned = false;
        try {
            while (running) {
                try {
                    assigned = assigned || assign();
                    if (assigned) {
                        consumer.poll(POLL).forEach(this::take);
                    } else {
                        Thread.sleep(PAUSE_MILLIS);
                    }
                } catch (WakeupException e) {
                    LOG.debug("asked to stop", e);
                } catch (KafkaException e) {
                    LOG.warn("the progress of the projections cannot be read now: {}", e.getMessage());
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            consumer.close();
        }
    }

    private boolean assign() {
        List<PartitionInfo> partitions = consumer.partitionsFor(Topics.PROGRESS);
        if (partitions == null || partitions.isEmpty()) {
            return false;
        }
        List<TopicPartition> all = partitions.stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        return true;
    }

    private void take(ConsumerRecord<byte[], byte[]> sent) {
        try {
            visibility.report(ProgressReport.fromJson(sent.value()));
        } catch (JacksonException e) {
            LOG.warn("passed over a record of {} at {} that is no progress report", sent.topic(), sent.offset());
        }
    }

    @Override
    public void stop() {
        running = false;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
