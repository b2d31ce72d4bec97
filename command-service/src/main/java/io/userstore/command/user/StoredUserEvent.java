package io.userstore.command.user;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fact about one user as the event store holds it: what the aggregate needs, secrets included. What the world is
 * told of it is {@link io.userstore.api.event.UserEvent}. Everything personal stands in {@code personal}.
 */
public sealed interface StoredUserEvent {

    record Email(String email) {}

    record Name(String username) {}

    /** {@code passwordHash} is empty for a user who can only sign in through a provider. */
    record UserCreated(
            String application, @Nullable String group, boolean active, String passwordHash, Profile personal)
            implements StoredUserEvent {}

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

    record ProviderIdentity(String clientId) {}

    /** The components are those of {@link ProviderLink}. */
    record AuthProviderLinked(
            String provider,
            @Nullable String sealedToken,
            @Nullable Long tokenExpiry,
            ProviderIdentity personal) implements StoredUserEvent {}

    /** Carries the whole link as it is now; {@code changed} names fields of the API. */
    record AuthProviderUpdated(
            String provider,
            Set<String> changed,
            @Nullable String sealedToken,
            @Nullable Long tokenExpiry,
            ProviderIdentity personal)
            implements StoredUserEvent {
        public AuthProviderUpdated {
            changed = Set.copyOf(changed);
        }
    }

    record AuthProviderUnlinked(String provider) implements StoredUserEvent {}
}
