package io.userstore.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.Topics;
import io.userstore.command.RunningCommandService;
import io.userstore.embedded.TestServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** An instance that hears of what others have done, as the query side reports it. */
class RememberedTest extends RunningCommandService {
    @Autowired
    private Remembered remembered;

    @Test
    void whatIsRememberedOfAUserGoesWhenALaterVersionIsReportedAndNotBefore() throws Exception {
        String id = aUserNamed(aName());
        json("PATCH", "/1/users/" + id, "{\"first_name\":\"Ann\"}");
        String other = aUserNamed(aName());
        json("PATCH", "/1/users/" + other, "{\"first_name\":\"Bob\"}");
        assertThat(remembered.holds(id)).isTrue();

        remembered.forgetOlder(id, 2);
        assertThat(remembered.holds(id)).as("reported as it is known here").isTrue();

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrapServers()));
                Producer<byte[], byte[]> reports = new KafkaProducer<>(
                        Map.of("bootstrap.servers", TestServers.kafkaBootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            if (!admin.listTopics().names().get().contains(Topics.PROGRESS)) {
                admin.createTopics(List.of(new NewTopic(Topics.PROGRESS, 1, (short) 1)))
                        .all()
                        .get();
            }
            // As after a deletion on another instance. Said again, since the listener may only just be finding the
            // topic.
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                ProgressReport report =
                        new ProgressReport(List.of("users"), 0, List.of(new ProgressReport.Applied(id, 3, 0)));
                reports.send(new ProducerRecord<>(Topics.PROGRESS, report.toJson()))
                        .get();
                return !remembered.holds(id);
            });
        }
        assertThat(remembered.holds(other)).isTrue();
        assertThat(json("PATCH", "/1/users/" + id, "{\"first_name\":\"Eve\"}").text("first_name"))
                .isEqualTo("Eve");
    }
}
