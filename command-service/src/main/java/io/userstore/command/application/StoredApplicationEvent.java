package io.userstore.command.application;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fact about one application as the event store holds it. None is published among the users' events; what the keys
 * grant is told on a topic of its own.
 */
public sealed interface StoredApplicationEvent {

    record ApplicationCreated(String name, ApplicationSettings settings) implements StoredApplicationEvent {}

    /** Carries all settings as they are now. */
    record SettingsChanged(ApplicationSettings settings) implements StoredApplicationEvent {}

    /** @param digest of the key; the key itself is nowhere */
    record KeyIssued(
            String keyId,
            String digest,
            Set<String> permissions,
            @Nullable String name) implements StoredApplicationEvent {
        public KeyIssued {
            permissions = Set.copyOf(permissions);
        }
    }

    /**
     * A new key took the place of an old one, with the same permissions and name.
     *
     * @param keyId of the old one
     * @param overlapSeconds for how long after this event the old one stays valid; 0 for not at all
     */
    record KeyRotated(
            String keyId,
            long overlapSeconds,
            String newKeyId,
            String digest,
            Set<String> permissions,
            @Nullable String name)
            implements StoredApplicationEvent {
        public KeyRotated {
            permissions = Set.copyOf(permissions);
        }
    }

    record KeyRevoked(String keyId) implements StoredApplicationEvent {}
}
