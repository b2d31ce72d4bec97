package io.userstore.query.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How rebuilds are carried out.
 *
 * @param batchSize most events applied at once, 1 to 50,000
 * @param threads that an instance fills with, 1 to 64
 * @param keepFormer how long the former generation is fed after a switch, so that it can be gone back to; at least 10 s, by when nobody
 *     reads it any more
 * @param grace how long documents that are not needed any more stay, at least a second: longer than any read takes
 */
@ConfigurationProperties("userstore.query.rebuild")
public record RebuildSettings(
        @DefaultValue("250") int batchSize,
        @DefaultValue("2") int threads,
        @DefaultValue("1h") Duration keepFormer,
        @DefaultValue("60s") Duration grace) {

    /** By then after a switch, every instance reads what was switched to. */
    static final Duration SWITCHED_EVERYWHERE = Duration.ofSeconds(5);

    public RebuildSettings {
        require(batchSize >= 1 && batchSize <= 50_000, "batch-size must be from 1 to 50000");
        require(threads >= 1 && threads <= 64, "threads must be from 1 to 64");
        require(keepFormer.toSeconds() >= 10, "keep-former must be at least 10s");
        require(grace.toMillis() >= 1_000, "grace must be at least 1s");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("userstore.query.rebuild." + message);
        }
    }
}
