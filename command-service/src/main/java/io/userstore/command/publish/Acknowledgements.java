package io.userstore.command.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Waiting for Kafka. */
final class Acknowledgements {
    private Acknowledgements() {}

    /**
     * Sends records in their order and stops at the first that Kafka refuses at once: those behind it must not come before it.
     *
     * @return what to {@link #await}
     * @throws org.apache.kafka.common.KafkaException when Kafka is away, which otherwise each record would wait for
     * @throws IllegalStateException when Kafka does not take one of the records
     */
    static List<Future<?>> send(Producer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) {
        records.stream().map(ProducerRecord::topic).distinct().forEach(producer::partitionsFor);
        List<Future<?>> sent = new ArrayList<>(records.size());
        for (ProducerRecord<byte[], byte[]> one : records) {
            Future<?> future = producer.send(one);
            if (future.isDone()) {
                await(List.of(future));
            }
            sent.add(future);
        }
        return sent;
    }

    /** @throws IllegalStateException when Kafka does not take one of the records */
    static void await(List<Future<?>> sent) {
        try {
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take a record", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Kafka", e);
        }
    }
}
