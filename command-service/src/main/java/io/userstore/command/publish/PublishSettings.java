package io.userstore.command.publish;

import io.userstore.api.event.Topics;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the events topic, used when it is first made.
 *
 * @param partitions of the events topic, 1 to 1,000
 * @param replicationFactor copies of it, or -1 for the broker's default
 */
@ConfigurationProperties("userstore.kafka.topics")
public record PublishSettings(
        @DefaultValue("" + Topics.DEFAULT_PARTITIONS) int partitions,
        @DefaultValue("-1") short replicationFactor) {
    public PublishSettings {
        if (partitions < 1 || partitions > 1_000) {
            throw new IllegalArgumentException("userstore.kafka.topics.partitions must be from 1 to 1000");
        }
    }
}
