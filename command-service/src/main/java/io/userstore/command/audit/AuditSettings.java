package io.userstore.command.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the audit log.
 *
 * @param headInterval how often a head is signed, when there is something new; 100 ms to 1 day
 * @param origin names this log among all others whose heads somebody follows: a host name of the operator's, for example;
 *     never to be changed, since it is signed
 */
@ConfigurationProperties("userstore.audit")
public record AuditSettings(
        @DefaultValue("10s") Duration headInterval,
        @DefaultValue("userstore") String origin) {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);

    public AuditSettings {
        if (headInterval.compareTo(SHORTEST) < 0 || headInterval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("userstore.audit.head-interval must be from 100ms to 1d");
        }
        if (!origin.matches("[\\x21-\\x7e&&[^+]]{1,128}")) {
            throw new IllegalArgumentException(
                    "userstore.audit.origin must have 1 to 128 visible ASCII characters, none of them a plus");
        }
    }
}
