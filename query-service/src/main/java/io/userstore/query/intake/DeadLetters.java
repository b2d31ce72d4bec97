package io.userstore.query.intake;

import io.userstore.api.event.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** Puts records aside on {@link Topics#DEAD_LETTERS}, as they came, with cause and origin in headers. Thread-safe. */
final class DeadLetters implements Aside {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Producer<byte[], byte[]> producer;

    DeadLetters(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Only what those who read should have is an alarm; a generation beside is compared before anybody reads it. */
    @Override
    public void put(Feeding.Fed fed, List<DeadLetter> letters) {
        if (fed.serving()) {
            send(fed.feed().name(), letters);
            letters.forEach(letter -> fed.feed().meters().deadLetter(letter.kind()));
        }
    }

    /**
     * Sends and waits until the broker has acknowledged all.
     *
     * @throws KafkaException when it does not; the batch is then to be delivered again
     */
    void send(String projection, List<DeadLetter> letters) {
        List<Future<RecordMetadata>> pending = new ArrayList<>();
        for (DeadLetter letter : letters) {
            pending.add(producer.send(record(projection, letter, letter.record().value())));
        }
        for (int i = 0; i < letters.size(); i++) {
            try {
                KafkaAnswers.await(pending.get(i), PATIENCE);
            } catch (RecordTooLargeException e) {
                // It fitted the log, so only our headers are too much: the log still has the value.
                KafkaAnswers.await(producer.send(record(projection, letters.get(i), null)), PATIENCE);
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> record(
            String projection, DeadLetter letter, byte @Nullable [] value) {
        ConsumerRecord<byte[], byte[]> from = letter.record();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.DEAD_LETTERS, null, from.key(), value, from.headers());
        header(record, "dlt_cause", letter.cause());
        header(record, "dlt_projection", projection);
        header(record, "dlt_topic", from.topic());
        header(record, "dlt_partition", Integer.toString(from.partition()));
        header(record, "dlt_offset", Long.toString(from.offset()));
        return record;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
