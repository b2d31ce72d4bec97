package io.userstore.query.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** One listener's reading of the log. Used by one thread, but for {@link #end}. */
public final class EventStream implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final EventFilter filter;
    private final Duration heartbeat;
    private final Runnable closed;
    private Cursor cursor;
    private volatile boolean ended;

    EventStream(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Cursor from,
            EventFilter filter,
            Duration heartbeat,
            Runnable closed) {
        this.consumer = consumer;
        this.cursor = from;
        this.filter = filter;
        this.heartbeat = heartbeat;
        this.closed = closed;
        List<TopicPartition> partitions = IntStream.range(0, from.offsets().size())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, from.offsets().get(partition.partition())));
    }

    /** Where a stream goes; throws when the listener has gone. */
    public interface Listener {
        /** An event, and the cursor behind it. */
        void event(StreamedEvent event, Cursor behind) throws IOException;

        /** Nothing for this listener so far; the cursor may have moved on. Also the first call of all. */
        void nothing(Cursor cursor) throws IOException;

        /** All that has come at once was told. */
        void flush() throws IOException;
    }

    /**
     * Tells the listener of all that is there and all that comes, until the listener goes or the service stops.
     *
     * @param allowed asked at each heartbeat; the stream ends when it is false
     */
    public void run(Listener listener, BooleanSupplier allowed) throws IOException {
        listener.nothing(cursor);
        listener.flush();
        long told = System.nanoTime();
        long asked = told;
        while (!ended) {
            boolean any = deliver(poll(), listener);
            long now = System.nanoTime();
            if (any) {
                listener.flush();
                told = now;
            } else if (now - told >= heartbeat.toNanos()) {
                listener.nothing(cursor);
                listener.flush();
                told = now;
            }
            if (now - asked >= heartbeat.toNanos()) {
                if (!allowed.getAsBoolean()) {
                    return;
                }
                asked = now;
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(heartbeat.dividedBy(4));
        } catch (WakeupException e) {
            // The service stops, which the loop sees.
            return ConsumerRecords.empty();
        }
    }

    private boolean deliver(ConsumerRecords<byte[], byte[]> records, Listener listener) throws IOException {
        boolean any = false;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            cursor = cursor.behind(record.partition(), record.offset());
            StreamedEvent event = StreamedEvent.of(record).filter(filter::takes).orElse(null);
            if (event != null) {
                listener.event(event, cursor);
                any = true;
            }
        }
        return any;
    }

    /** Ends the stream soon; may be called from any thread. */
    void end() {
        ended = true;
        consumer.wakeup();
    }

    @Override
    public void close() {
        try {
            consumer.close();
        } finally {
            closed.run();
        }
    }
}
