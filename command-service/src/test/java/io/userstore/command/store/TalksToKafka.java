package io.userstore.command.store;

/** Breaks a rule of the architecture on purpose. */
public final class TalksToKafka {
    org.apache.kafka.common.TopicPartition partition() {
        return new org.apache.kafka.common.TopicPartition("topic", 0);
    }
}
