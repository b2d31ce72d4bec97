package io.userstore.query.intake;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for what Kafka's clients answer later. */
final class KafkaAnswers {
    private KafkaAnswers() {}

    /**
     * The answer.
     *
     * @throws KafkaException the broker's own when it refuses, else when it does not answer within {@code patience}
     * @throws InterruptException when the thread is interrupted
     */
    static <T> T await(Future<T> answer, Duration patience) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException known) {
                throw known;
            }
            throw new KafkaException("Kafka did not answer", e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }
}
