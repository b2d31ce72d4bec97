package io.userstore.query.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the streams of events.
 *
 * @param maxStreams streams at once on this instance, 0 to 1,000; each has a thread and a Kafka consumer
 * @param heartbeat the longest silence on a stream, 100 ms to 1 min; proxies take a silent connection for a dead one
 */
@ConfigurationProperties("userstore.streams")
public record StreamSettings(
        @DefaultValue("50") int maxStreams,
        @DefaultValue("15s") Duration heartbeat) {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    public StreamSettings {
        if (maxStreams < 0 || maxStreams > 1_000) {
            throw new IllegalArgumentException("userstore.streams.max-streams must be from 0 to 1000");
        }
        if (heartbeat.compareTo(SHORTEST) < 0 || heartbeat.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("userstore.streams.heartbeat must be from 100ms to 1m");
        }
    }
}
