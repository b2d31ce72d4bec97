package io.userstore.command.idempotency;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of requests with an {@code Idempotency-Key}.
 *
 * @param lease how long an unfinished request is left alone, 1 s to an hour. Safe at any length: it only delays another attempt
 *     after a crash
 */
@ConfigurationProperties("userstore.idempotency")
public record IdempotencySettings(@DefaultValue("60s") Duration lease) {
    public IdempotencySettings {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0 || lease.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("userstore.idempotency.lease must be from 1s to 1h");
        }
    }
}
