package io.userstore.command.application;

import io.userstore.command.application.StoredApplicationEvent.ApplicationCreated;
import io.userstore.command.application.StoredApplicationEvent.KeyIssued;
import io.userstore.command.application.StoredApplicationEvent.KeyRevoked;
import io.userstore.command.application.StoredApplicationEvent.KeyRotated;
import io.userstore.command.application.StoredApplicationEvent.SettingsChanged;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the facts about one application add up to. Immutable; evolving never validates and never throws.
 *
 * @param createdAt null for one that has been there from the beginning, see {@link #initial}
 * @param updatedAt of the settings, likewise
 * @param keys those that have not been revoked, by id, in the order of their making; also some that have expired
 * @param version how many events made this state
 */
public record ApplicationState(
        String name,
        boolean exists,
        ApplicationSettings settings,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        Map<String, Key> keys,
        long version) {

    /** The application that is there without having been made; the root key belongs to it. */
    public static final String DEFAULT = "default";

    /** @param expiresAt null for a key that has not been rotated */
    public record Key(
            Set<String> permissions,
            @Nullable String name,
            Instant createdAt,
            @Nullable Instant expiresAt) {
        public Key {
            permissions = Set.copyOf(permissions);
        }

        private Key until(Instant end) {
            return new Key(permissions, name, createdAt, end);
        }

        /** Whether the key is valid at that time. */
        public boolean isValidAt(Instant time) {
            return expiresAt == null || time.isBefore(expiresAt);
        }
    }

    public ApplicationState {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** Before the first event. */
    public static ApplicationState initial(String name) {
        return new ApplicationState(name, name.equals(DEFAULT), ApplicationSettings.DEFAULTS, null, null, Map.of(), 0);
    }

    /** The state after one more event, which happened at {@code time}; finer than a millisecond is cut off. */
    public ApplicationState apply(StoredApplicationEvent event, Instant time) {
        Instant at = time.truncatedTo(ChronoUnit.MILLIS);
        return switch (event) {
            case ApplicationCreated(var of, var with) ->
                new ApplicationState(of, true, with, at, at, keys, version + 1);
            case SettingsChanged(var to) -> new ApplicationState(name, exists, to, createdAt, at, keys, version + 1);
            case KeyIssued(var keyId, var digest, var permissions, var keyName) -> {
                Map<String, Key> after = validAt(at);
                after.put(keyId, new Key(permissions, keyName, at, null));
                yield with(after);
            }
            case KeyRotated(var keyId, var overlap, var newKeyId, var digest, var permissions, var keyName) -> {
                Map<String, Key> after = validAt(at);
                if (overlap == 0) {
                    after.remove(keyId);
                }
                after.computeIfPresent(keyId, (id, old) -> old.until(at.plusSeconds(overlap)));
                after.put(newKeyId, new Key(permissions, keyName, at, null));
                yield with(after);
            }
            case KeyRevoked(var keyId) -> {
                Map<String, Key> after = validAt(at);
                after.remove(keyId);
                yield with(after);
            }
        };
    }

    /** What has expired is forgotten with the next event, so that years of rotations add up to nothing. */
    private Map<String, Key> validAt(Instant time) {
        Map<String, Key> valid = new LinkedHashMap<>(keys);
        valid.values().removeIf(key -> !key.isValidAt(time));
        return valid;
    }

    private ApplicationState with(Map<String, Key> after) {
        return new ApplicationState(name, exists, settings, createdAt, updatedAt, after, version + 1);
    }
}
