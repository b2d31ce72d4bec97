package io.userstore.query.projection;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Breaks a rule of the architecture on purpose, to prove that the rule can fail. */
public final class TalksToKafka {
    @Nullable
    ConsumerRecord<byte[], byte[]> field;
}
