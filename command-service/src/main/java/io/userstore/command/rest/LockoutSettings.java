package io.userstore.command.rest;

import io.userstore.command.signin.LockoutPolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When wrong passwords lock a user.
 *
 * @param failures in a row, 1 to 1,000; 0 for never
 * @param first how long the first lock lasts, from 1 ms; each further failure doubles it
 * @param longest most that a lock lasts, from {@code first} to 30 days
 */
@ConfigurationProperties("userstore.lockout")
public record LockoutSettings(
        @DefaultValue("5") int failures,
        @DefaultValue("1m") Duration first,
        @DefaultValue("1h") Duration longest) {
    private static final Duration MOST = Duration.ofDays(30);

    public LockoutSettings {
        require(failures >= 0 && failures <= 1_000, "userstore.lockout.failures must be from 0 to 1000");
        require(first.toMillis() >= 1, "userstore.lockout.first must be at least 1ms");
        require(
                longest.compareTo(first) >= 0 && longest.compareTo(MOST) <= 0,
                "userstore.lockout.longest must be from userstore.lockout.first to 30d");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    LockoutPolicy policy() {
        return new LockoutPolicy(failures, first, longest);
    }
}
