package io.userstore.command.visibility;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of waiting for the query side.
 *
 * @param maxWait how long a write waits at most, 0 to 30 s
 * @param projections those that must have applied a write before it counts as visible
 */
@ConfigurationProperties("userstore.visibility")
public record VisibilitySettings(
        @DefaultValue("1s") Duration maxWait,
        @DefaultValue({"users", "statistics", "activity"}) Set<String> projections) {
    public VisibilitySettings {
        if (maxWait.isNegative() || maxWait.compareTo(Duration.ofSeconds(30)) > 0) {
            throw new IllegalArgumentException("userstore.visibility.max-wait must be from 0s to 30s");
        }
        projections = Set.copyOf(projections);
    }
}
