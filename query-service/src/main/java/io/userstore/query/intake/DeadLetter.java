package io.userstore.query.intake;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that a projection could not take.
 *
 * @param cause in few words, nothing of the content
 */
record DeadLetter(ConsumerRecord<byte[], byte[]> record, String cause) {
    static final String UNDECODABLE = "undecodable";
    static final String GAP = "gap";
    static final String UNPROCESSABLE = "unprocessable";

    /** The cause's first word, of which there are only a few, fit for a metric. */
    String kind() {
        int colon = cause.indexOf(':');
        return colon < 0 ? cause : cause.substring(0, colon);
    }
}
