package io.userstore.command.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the event store.
 *
 * @param cachedStates how many aggregates' latest states are kept in memory; about 1 KB each
 * @param forgetAfter for how long a state, or a user's key, is kept in memory without being used: where nobody tells that another
 *     instance has erased it, it is out of the memory of this one by then; positive
 * @param snapshotEvery events between two stored snapshots of one aggregate, at least 2
 * @param fetchDelayMillis how often the publisher looks for events of other instances, 1 to 10,000 ms
 * @param instanceId when given, an instance that was killed goes on publishing as soon as it is back, in place of waiting
 *     10 s for its own claim to run out; different for each instance
 */
@ConfigurationProperties("userstore.event-store")
public record EventStoreSettings(
        @DefaultValue("10000") long cachedStates,
        @DefaultValue("5m") Duration forgetAfter,
        @DefaultValue("50") int snapshotEvery,
        @DefaultValue("10") long fetchDelayMillis,
        @Nullable String instanceId) {
    public EventStoreSettings {
        require(cachedStates >= 0, "userstore.event-store.cached-states must be at least 0");
        require(forgetAfter.isPositive(), "userstore.event-store.forget-after must be positive");
        require(snapshotEvery >= 2, "userstore.event-store.snapshot-every must be at least 2");
        require(
                fetchDelayMillis >= 1 && fetchDelayMillis <= 10_000,
                "userstore.event-store.fetch-delay-millis must be from 1 to 10000");
        require(instanceId == null || !instanceId.isBlank(), "userstore.event-store.instance-id must not be blank");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
