package io.userstore.query.stream;

import io.userstore.api.event.Topics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Opens streams, as many at once as are allowed, and ends them when the service stops. Thread-safe. */
public final class EventStreams implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final StreamSettings settings;
    private final Semaphore free;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    EventStreams(Supplier<Consumer<byte[], byte[]>> consumers, StreamSettings settings) {
        this.consumers = consumers;
        this.settings = settings;
        this.free = new Semaphore(settings.maxStreams());
    }

    /** What came of asking for a stream. */
    public sealed interface Opened {
        /** To be run, and closed. */
        record Stream(EventStream stream) implements Opened {}

        /** As many are open as are allowed. */
        record TooMany() implements Opened {}

        /** The cursor is of another log, or of one that has been lost. */
        record NoSuchPlace() implements Opened {}

        /** Kafka does not answer. */
        record Away() implements Opened {}
    }

    /** Streams that are open. */
    int count() {
        return open.size();
    }

    /** A stream of what comes from now on. */
    public Opened fromNow(EventFilter filter) {
        return open(filter, null, false);
    }

    /** A stream of all that the log still has, and of what comes. */
    public Opened fromTheBeginning(EventFilter filter) {
        return open(filter, null, true);
    }

    /** A stream of what stands behind the cursor, and of what comes. */
    public Opened behind(Cursor cursor, EventFilter filter) {
        return open(filter, cursor, false);
    }

    private Opened open(EventFilter filter, @Nullable Cursor asked, boolean all) {
        if (!running || !free.tryAcquire()) {
            return new Opened.TooMany();
        }
        Consumer<byte[], byte[]> consumer = null;
        try {
            consumer = consumers.get();
            List<TopicPartition> partitions = assign(consumer);
            Cursor end = cursor(partitions, consumer.endOffsets(partitions));
            Cursor begin = cursor(partitions, consumer.beginningOffsets(partitions));
            if (asked != null && !isWithin(asked, begin, end)) {
                release(consumer);
                return new Opened.NoSuchPlace();
            }
            Cursor from = all ? begin : asked == null ? end : asked;
            return new Opened.Stream(stream(consumer, from, filter));
        } catch (KafkaException e) {
            LOG.warn("no stream of events can be opened now: {}", e.getClass().getName());
            release(consumer);
            return new Opened.Away();
        } catch (RuntimeException e) {
            release(consumer);
            throw e;
        }
    }

    private EventStream stream(Consumer<byte[], byte[]> consumer, Cursor from, EventFilter filter) {
        EventStream[] made = new EventStream[1];
        made[0] = new EventStream(consumer, Topics.EVENTS, from, filter, settings.heartbeat(), () -> {
            open.remove(made[0]);
            free.release();
        });
        open.add(made[0]);
        if (!running) {
            made[0].end();
        }
        return made[0];
    }

    private void release(@Nullable Consumer<byte[], byte[]> consumer) {
        free.release();
        if (consumer != null) {
            consumer.close();
        }
    }

    private static List<TopicPartition> assign(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.EVENTS).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
        // Assigned first, since the client warns of the end of a partition that is not its own.
        consumer.assign(partitions);
        return partitions;
    }

    private static Cursor cursor(List<TopicPartition> partitions, Map<TopicPartition, Long> offsets) {
        return new Cursor(partitions.stream()
                .map(partition -> offsets.getOrDefault(partition, 0L))
                .toList());
    }

    private static boolean isWithin(Cursor cursor, Cursor begin, Cursor end) {
        if (cursor.offsets().size() != end.offsets().size()) {
            return false;
        }
        for (int i = 0; i < cursor.offsets().size(); i++) {
            long offset = cursor.offsets().get(i);
            if (offset < begin.offsets().get(i) || offset > end.offsets().get(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        open.forEach(EventStream::end);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped before the web server, which would wait for streams as for any request. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
