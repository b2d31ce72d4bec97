package io.userstore.command.visibility;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.Topics;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
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
    private static final long TOPIC_PAUSE_MILLIS = 100;

    private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
    private final Consumer<ProgressReport> reports;
    private volatile boolean running;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;
    private @Nullable Thread thread;

    /**
     * @param consumers makes a consumer for each start
     * @param reports gets each report, by one thread
     */
    ProgressListener(Supplier<KafkaConsumer<byte[], byte[]>> consumers, Consumer<ProgressReport> reports) {
        this.consumers = consumers;
        this.reports = reports;
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofPlatform().name("progress-listener").daemon().start(this::listen);
    }

    private void listen() {
        try {
            while (running) {
                try (KafkaConsumer<byte[], byte[]> consumer = consumers.get()) {
                    reading = consumer;
                    follow(consumer);
                } catch (WakeupException e) {
                    LOG.debug("asked to stop", e);
                } catch (KafkaException e) {
                    LOG.warn("the progress of the projections cannot be read now: {}", e.getMessage());
                    Thread.sleep(PAUSE_MILLIS);
                } finally {
                    reading = null;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        while (running && !assign(consumer)) {
            // The query side makes the topic; its first report must not be missed.
            Thread.sleep(TOPIC_PAUSE_MILLIS);
        }
        while (running) {
            consumer.poll(POLL).forEach(this::take);
        }
    }

    private static boolean assign(KafkaConsumer<byte[], byte[]> consumer) {
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
            reports.accept(ProgressReport.fromJson(sent.value()));
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.warn("passed over a record of {} at {} that is no progress report", sent.topic(), sent.offset());
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        KafkaConsumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            // Not an interrupt: that would keep the consumer from closing in order.
            consumer.wakeup();
        }
        Thread listening = thread;
        if (listening == null) {
            return;
        }
        try {
            listening.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server, and so stopped after it: requests under way still hear of progress. */
    @Override
    public int getPhase() {
        return 0;
    }
}
