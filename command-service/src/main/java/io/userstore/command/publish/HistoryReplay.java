package io.userstore.command.publish;

import io.userstore.api.event.Topics;
import io.userstore.command.application.StoredApplicationEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes the whole history again when somebody asks for it on {@link Topics#REPLAYS}: each event as it was published before, on a
 * topic of its own, and the keys of users as they are now. One instance does it; should it go, another begins anew, and whoever reads
 * drops what came twice. It is for views whose log has lost its beginning; the log itself is left alone.
 */
final class HistoryReplay implements SmartLifecycle {
    static final String GROUP = "userstore-replays";

    private static final Logger LOG = LoggerFactory.getLogger(HistoryReplay.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 2_000;
    private static final int AT_ONCE = 1_000;
    private static final int BETWEEN_LOG_LINES = 50_000;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final PublishedTopic requests;
    private final Producer<byte[], byte[]> producer;
    private final EventStorageEngine storage;
    private final KeyRing keys;
    private volatile boolean running;
    private volatile @Nullable Consumer<byte[], byte[]> reading;
    private Thread thread = new Thread(() -> {});

    /** @param consumers makes a consumer for each start */
    HistoryReplay(
            Supplier<Consumer<byte[], byte[]>> consumers,
            PublishedTopic requests,
            Producer<byte[], byte[]> producer,
            EventStorageEngine storage,
            KeyRing keys) {
        this.consumers = consumers;
        this.requests = requests;
        this.producer = producer;
        this.storage = storage;
        this.keys = keys;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        thread = Thread.ofPlatform().name("history-replay").daemon().start(this::run);
    }

    private void run() {
        while (running) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                reading = consumer;
                requests.ensureExists();
                consumer.subscribe(List.of(Topics.REPLAYS));
                while (running) {
                    for (ConsumerRecord<byte[], byte[]> asked : consumer.poll(POLL)) {
                        take(asked);
                        // Only now: had this instance gone before, another would have to do it.
                        consumer.commitSync();
                    }
                }
            } catch (WakeupException | InterruptException e) {
                LOG.debug("asked to stop", e);
            } catch (RuntimeException e) {
                LOG.warn("requests for the history are read later: {}", e.toString());
                pause();
            } finally {
                reading = null;
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> asked) {
        String topic = asked.value() == null ? "" : new String(asked.value(), StandardCharsets.UTF_8);
        if (!topic.startsWith(Topics.REPLAY)) {
            LOG.warn("passed over a record of {} at {} that names no topic", asked.topic(), asked.offset());
            return;
        }
        List<PartitionInfo> partitions = partitions(topic);
        if (partitions.isEmpty()) {
            LOG.info("nobody waits for {} any more", topic);
            return;
        }
        LOG.info("publishing the history on {}", topic);
        long events = publish(topic);
        for (PartitionInfo partition : partitions) {
            ProducerRecord<byte[], byte[]> end = new ProducerRecord<>(topic, partition.partition(), null, null);
            end.headers().add(Topics.REPLAY_END, new byte[0]);
            Acknowledgements.await(List.of(producer.send(end)));
        }
        LOG.info("published {} events on {}", events, topic);
    }

    /** None when the topic is not there, so that no broker makes one because it is written to. */
    private List<PartitionInfo> partitions(String topic) {
        try (Consumer<byte[], byte[]> asking = consumers.get()) {
            List<PartitionInfo> found = asking.partitionsFor(topic, POLL.multipliedBy(10));
            return found == null ? List.of() : found;
        }
    }

    private long publish(String topic) {
        long events = 0;
        try (Stream<? extends TrackedEventMessage<?>> history = storage.readEvents(null, false)) {
            Iterator<? extends TrackedEventMessage<?>> each = history.iterator();
            List<EventRecord> batch = new ArrayList<>(AT_ONCE);
            while (each.hasNext()) {
                if (!running) {
                    throw new KafkaException("the service is stopping");
                }
                DomainEventMessage<?> event = (DomainEventMessage<?>) each.next();
                if (!(event.getPayload() instanceof StoredApplicationEvent)) {
                    batch.add(EventRecord.of(event));
                }
                if (batch.size() == AT_ONCE || !each.hasNext()) {
                    events += send(topic, batch);
                    if (events / BETWEEN_LOG_LINES != (events - batch.size()) / BETWEEN_LOG_LINES) {
                        LOG.info("published {} events on {}", events, topic);
                    }
                    batch.clear();
                }
            }
        }
        return events;
    }

    /** The keys first, as they are needed to read the events. */
    private int send(String topic, List<EventRecord> batch) {
        Set<String> users = new TreeSet<>();
        batch.forEach(record -> users.add(record.event().userId()));
        keys.publish(users);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(batch.size());
        for (EventRecord record : batch) {
            ProducerRecord<byte[], byte[]> published = record.toSend();
            records.add(new ProducerRecord<>(
                    topic, null, published.timestamp(), published.key(), published.value(), published.headers()));
        }
        Acknowledgements.await(Acknowledgements.send(producer, records));
        return batch.size();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        Consumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
