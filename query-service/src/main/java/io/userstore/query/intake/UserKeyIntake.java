package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.api.event.Topics;
import io.userstore.query.keys.KeyRecord;
import io.userstore.query.keys.UserKeyDocuments;
import io.userstore.query.projection.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the keys of users, in every instance for itself, from where the documents are: so that each instance forgets at
 * once what is gone. Whoever misses a key asks this to read on to the end before taking it for gone.
 */
final class UserKeyIntake extends TopicFollower {
    /** The name by which it notes how far it is. */
    private static final String NAME = "user_keys";

    private static final Logger LOG = LoggerFactory.getLogger(UserKeyIntake.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KeyLog log;
    private final UserKeyDocuments keys;
    private final Progress progress;
    /** By partition: the next offset to be read; everything before it is written down. */
    private final Map<Integer, Long> positions = new ConcurrentHashMap<>();

    private final Object moved = new Object();
    private boolean away;

    /** Where the log of keys ends now, by partition: the next offset to be written. */
    @FunctionalInterface
    interface KeyLog {
        /** @throws KafkaException when the broker is away */
        Map<Integer, Long> ends();
    }

    /** @param consumers makes a consumer for each start */
    UserKeyIntake(Supplier<Consumer<byte[], byte[]>> consumers, KeyLog log, UserKeyDocuments keys, Progress progress) {
        super("query-user-keys", Topics.USER_KEYS, consumers);
        this.log = log;
        this.keys = keys;
        this.progress = progress;
    }

    /**
     * Returns once everything is written down that the log of keys holds now.
     *
     * @throws KafkaException when that takes too long
     */
    void readOnToTheEnd() {
        Map<Integer, Long> ends = log.ends();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (moved) {
            while (!hasPassed(ends)) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0 || !isRunning()) {
                    throw new KafkaException("the keys of users have not been read on in time");
                }
                try {
                    moved.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptException(e);
                }
            }
        }
    }

    private boolean hasPassed(Map<Integer, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> end.getValue() == 0 || positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    @Override
    void run() {
        while (isRunning()) {
            try (Consumer<byte[], byte[]> consumer = open()) {
                follow(consumer);
            } catch (WakeupException e) {
                LOG.debug("asked to stop", e);
            } catch (InterruptedException | InterruptException e) {
                LOG.debug("the reading of keys ends", e);
                return;
            } catch (RuntimeException e) {
                // From where the documents are, as after a start: nothing that was read and not written is lost.
                tell(e);
                pause();
            } finally {
                closed();
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        List<TopicPartition> partitions = partitions(consumer);
        while (isRunning() && partitions.isEmpty()) {
            // Somebody, perhaps the watch beside, is about to make the topic.
            Thread.sleep(TOPIC_PAUSE_MILLIS);
            partitions = partitions(consumer);
        }
        Map<Integer, Long> known = progress.all().getOrDefault(NAME, Map.of());
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, known.getOrDefault(partition.partition(), -1L) + 1);
        }
        while (isRunning()) {
            List<KeyRecord> records = new ArrayList<>();
            Map<Integer, Long> offsets = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> one : consumer.poll(POLL)) {
                offsets.merge(one.partition(), one.offset(), Math::max);
                if (one.key() == null) {
                    LOG.error("passed over a record of {} at {} that names no user", one.topic(), one.offset());
                } else {
                    records.add(new KeyRecord(
                            utf8(one.key()),
                            one.value() == null ? null : utf8(one.value()),
                            one.partition(),
                            one.offset()));
                }
            }
            if (!offsets.isEmpty()) {
                keys.apply(records);
                progress.store(List.of(NAME), offsets);
            }
            away = false;
            tell(consumer, partitions);
        }
    }

    private void tell(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        partitions.forEach(partition -> positions.put(partition.partition(), consumer.position(partition)));
        synchronized (moved) {
            moved.notifyAll();
        }
    }

    /** Once, when a server goes away; a defect each time. */
    private void tell(RuntimeException e) {
        boolean aServerIsAway = e instanceof KafkaException || e instanceof MongoException;
        if (!aServerIsAway) {
            LOG.error("the keys of users cannot be followed", e);
        } else if (!away) {
            LOG.warn(
                    "the keys of users cannot be followed now: {}", e.getClass().getName());
        }
        away = aServerIsAway;
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
