package io.userstore.query.intake;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Follows all partitions of a topic on a thread of its own, in every instance for itself, while the service runs. What
 * becomes of the records, and of errors, is the subclass's.
 */
abstract class TopicFollower implements SmartLifecycle {
    static final Duration POLL = Duration.ofMillis(500);
    static final long PAUSE_MILLIS = 1_000;
    static final long TOPIC_PAUSE_MILLIS = 50;

    private final String name;
    private final String topic;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private volatile boolean running;
    private volatile @Nullable Consumer<byte[], byte[]> reading;
    private Thread thread = new Thread(() -> {});

    /**
     * @param name of the thread
     * @param consumers makes a consumer for each start
     */
    TopicFollower(String name, String topic, Supplier<Consumer<byte[], byte[]>> consumers) {
        this.name = name;
        this.topic = topic;
        this.consumers = consumers;
    }

    /** Reads until {@link #isRunning()} is no more; a consumer that waits is then woken up. */
    abstract void run();

    /** A consumer to read with; whoever has closed it says so with {@link #closed()}. */
    final Consumer<byte[], byte[]> open() {
        Consumer<byte[], byte[]> consumer = consumers.get();
        reading = consumer;
        return consumer;
    }

    /** No consumer is to be woken up any more. */
    final void closed() {
        reading = null;
    }

    /** None while there is no topic. */
    final List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        return partitions == null
                ? List.of()
                : partitions.stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .toList();
    }

    @Override
    public final synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    @Override
    public final synchronized void stop() {
        running = false;
        Consumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            // Not an interrupt: that would keep the consumer from closing in order.
            consumer.wakeup();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    /** Before the web server, and so stopped after it. */
    @Override
    public final int getPhase() {
        return 0;
    }
}
