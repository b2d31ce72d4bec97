package io.userstore.query.intake;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.Topics;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the command side how far the projections are. Never fails: a report that is lost only makes a client wait. */
final class ProgressReports {
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
