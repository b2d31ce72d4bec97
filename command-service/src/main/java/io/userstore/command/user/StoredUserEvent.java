package io.userstore.command.user;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fact about one user as the event store holds it: what the aggregate needs, secrets included. What the world is
 * told of it is {@link io.userstore.api.event.UserEvent}. Everything personal stands in {@code personal}.
 */
public sealed interface StoredUserEvent {

    record Email(String email) {}

    record Name(String username) {}

    /**
     * What a user brings along from another system.
     *
     * @param createdAt since when that system had the user, null when it does not say
     * @param emailVerified whether it has verified the e-mail address
     */
    record Imported(@Nullable Instant createdAt, boolean emailVerified) {}

    /**
     * A user came into being.
     *
     * @param passwordHash empty for a user who was imported without one, and who can set one by a reset only
     * @param imported null for a user who is new altogether
     */
    record UserCreated(
            String application,
            @Nullable String group,
            boolean active,
            String passwordHash,
            Profile personal,
            @Nullable Imported imported)
            implements StoredUserEvent {
        /** A user who is new altogether. */
        public UserCreated(
                String application, @Nullable String group, boolean active, String passwordHash, Profile personal) {
            this(application, group, active, passwordHash, personal, null);
        }
    }

    /** Names, group or custom values changed; carries the whole profile as it is now. */
    record ProfileUpdated(
            Set<String> changed,
            @Nullable String group,
            @Nullable String previousGroup,
            Profile personal) implements StoredUserEvent {
        public ProfileUpdated {
            changed = Set.copyOf(changed);
        }
    }

    /** {@code personal} is null when the user name was removed. */
    record UsernameChanged(@Nullable Name personal) implements StoredUserEvent {}

    /** {@code personal} is null when the address was removed. The new address is unverified. */
    record EmailChanged(boolean wasVerified, @Nullable Email personal) implements StoredUserEvent {}

    record PasswordChanged(String passwordHash) implements StoredUserEvent {}

    /** The same password, hashed anew with stronger settings. */
    record PasswordRehashed(String passwordHash) implements StoredUserEvent {}

    record UserActivated() implements StoredUserEvent {}

    record UserDeactivated() implements StoredUserEvent {}

    record UserDeleted(@Nullable String group, boolean wasActive, boolean wasVerified) implements StoredUserEvent {}
}
