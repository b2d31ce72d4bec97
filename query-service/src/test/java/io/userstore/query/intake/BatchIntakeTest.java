package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.Skipped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class BatchIntakeTest {
    /** Takes all, from the third attempt on. */
    private static final class Away implements Projection {
        private int attempts;

        @Override
        public List<Delivery> apply(List<Delivery> batch) {
            if (++attempts < 3) {
                throw new MongoException("away");
            }
            return List.of();
        }

        @Override
        public boolean skip(Skipped event) {
            return true;
        }
    }

    @Test
    void whatCannotBeReadIsPutAsideOnceThoughItsBatchComesAgainAndAgain() {
        History history = History.ofSomeApplication();
        history.aUserCalled("ann");
        ProducerRecord<byte[], byte[]> good =
                QueryServer.record(history.events().getFirst());
        ConsumerRecord<byte[], byte[]> bad =
                new ConsumerRecord<>("topic", 0, 7, new byte[0], "garbage".getBytes(StandardCharsets.UTF_8));
        List<ConsumerRecord<byte[], byte[]>> batch = List.of(
                bad,
                new ConsumerRecord<>(
                        "topic",
                        0,
                        8,
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        good.key(),
                        good.value(),
                        good.headers(),
                        Optional.empty()));
        ProjectionFeed feed = new ProjectionFeed(
                new Generation("users", 1, 1), new Away(), new IntakeMeters(new SimpleMeterRegistry(), "users"));
        Feeding feeding = new Feeding(List.of(new Feeding.Fed(feed, true)));
        List<DeadLetter> letters = new ArrayList<>();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            BatchIntake intake = new BatchIntake(executor, null, (fed, dead) -> letters.addAll(dead));
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> intake.take(batch, feeding)).isInstanceOf(MongoException.class);
            }
            assertThat(letters).isEmpty();
            assertThat(intake.take(batch, feeding)).hasSize(1);
        }
        assertThat(letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.record()).isSameAs(bad));
    }
}
