package io.userstore.query.intake;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.EventNumber;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the command side how far the projections are. Never fails: a report that is lost only makes a client wait. */
final class ProgressReports {
    /** Users in one report, so that it fits a record however large the batch was. */
    private static final int MOST_IN_REPORT = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(ProgressReports.class);

    private final Producer<byte[], byte[]> producer;

    ProgressReports(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Makes the producer look for the topic's leader now, which the first report would wait for. */
    void prepare() {
        try {
            LOG.debug("progress goes to {}", producer.partitionsFor(Topics.PROGRESS));
        } catch (KafkaException e) {
            LOG.debug("the topic of progress reports is not there yet", e);
        }
    }

    /** Reports what has been applied to everything that is read. */
    void report(List<String> models, List<BatchIntake.Applied> applied) {
        if (applied.isEmpty()) {
            return;
        }
        long lag = applied.reversed().stream()
                .flatMap(event -> event.time().stream())
                .findFirst()
                .map(last -> Math.max(0, Duration.between(last, Instant.now()).toMillis()))
                .orElse(0L);
        List<ProgressReport.Applied> users = users(applied);
        for (int i = 0; i < users.size(); i += MOST_IN_REPORT) {
            List<ProgressReport.Applied> part = users.subList(i, Math.min(i + MOST_IN_REPORT, users.size()));
            publish(new ProgressReport(models, lag, part));
        }
    }

    private static List<ProgressReport.Applied> users(List<BatchIntake.Applied> applied) {
        Map<String, ProgressReport.Applied> users = new LinkedHashMap<>();
        for (BatchIntake.Applied each : applied) {
            EventNumber number = each.number();
            boolean user = number.stream() == EventStream.USER;
            users.merge(
                    number.userId(),
                    new ProgressReport.Applied(
                            number.userId(), user ? number.sequence() : 0, user ? 0 : number.sequence()),
                    (a, b) -> new ProgressReport.Applied(
                            a.userId(),
                            Math.max(a.version(), b.version()),
                            Math.max(a.loginSequence(), b.loginSequence())));
        }
        return List.copyOf(users.values());
    }

    void publish(ProgressReport report) {
        try {
            producer.send(new ProducerRecord<>(Topics.PROGRESS, report.toJson()), (sent, failure) -> {
                if (failure != null) {
                    LOG.debug("a progress report was lost", failure);
                }
            });
        } catch (KafkaException e) {
            LOG.debug("a progress report was lost", e);
        }
    }
}
