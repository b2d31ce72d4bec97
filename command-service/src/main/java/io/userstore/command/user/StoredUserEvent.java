package io.userstore.command.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fact about one user as the event store holds it: what the aggregate needs, secrets included. What the world is
 * told of it is {@link io.userstore.api.event.UserEvent}. Everything personal stands in {@code personal}; once the user's
 * key is gone, nothing stands there, nor in place of secrets.
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
     * @param confirmationPending whether the user is asked to confirm the e-mail address; left out where it is false
     * @param passwordHash empty for a user who can only sign in through a provider, or was imported without one
     * @param imported null for a user who is new altogether
     */
    record UserCreated(
            String application,
            @Nullable String group,
            boolean active,
            @JsonInclude(Include.NON_DEFAULT) boolean confirmationPending,
            String passwordHash,
            Profile personal,
            @Nullable Imported imported)
            implements StoredUserEvent {
        public UserCreated {
            passwordHash = erasable(passwordHash);
            personal = erasable(personal);
        }

        /** A user who is new altogether. */
        public UserCreated(
                String application,
                @Nullable String group,
                boolean active,
                boolean confirmationPending,
                String passwordHash,
                Profile personal) {
            this(application, group, active, confirmationPending, passwordHash, personal, null);
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
            personal = erasable(personal);
        }
    }

    /** {@code personal} is null when the user name was removed. */
    record UsernameChanged(@Nullable Name personal) implements StoredUserEvent {}

    /** {@code personal} is null when the address was removed. The new address is unverified. */
    record EmailChanged(boolean wasVerified, @Nullable Email personal) implements StoredUserEvent {}

    record PasswordChanged(String passwordHash) implements StoredUserEvent {
        public PasswordChanged {
            passwordHash = erasable(passwordHash);
        }
    }

    /** The same password, hashed anew with the settings of today. */
    record PasswordRehashed(String passwordHash) implements StoredUserEvent {
        public PasswordRehashed {
            passwordHash = erasable(passwordHash);
        }
    }

    record UserActivated() implements StoredUserEvent {}

    record UserDeactivated() implements StoredUserEvent {}

    /**
     * A code was made that proves the e-mail address; one that was made before for the same purpose is void.
     *
     * @param purpose verification or confirmation
     * @param codeHash as in {@link IssuedCode}
     */
    record VerificationRequested(CodePurpose purpose, String codeHash, Instant expiresAt) implements StoredUserEvent {}

    /**
     * The address was proved with a code, which is spent.
     *
     * @param wasVerified whether it had been proved before
     * @param confirmed whether a confirmation was pending and is given by this
     */
    record EmailVerified(boolean wasVerified, boolean confirmed) implements StoredUserEvent {}

    /** A code was made that sets the password; one that was made before is void. */
    record PasswordResetRequested(String codeHash, Instant expiresAt) implements StoredUserEvent {}

    /** The password was set with such a code, which is spent. */
    record PasswordReset(String passwordHash) implements StoredUserEvent {
        public PasswordReset {
            passwordHash = erasable(passwordHash);
        }
    }

    /** A mail server has taken the mail that asks for confirmation. */
    record ConfirmationMailSent() implements StoredUserEvent {}

    /** The mail that asks for confirmation was rejected, or could not be sent for too long. */
    record ConfirmationMailFailed() implements StoredUserEvent {}

    /** @param wasPending whether a confirmation was asked for and not given; left out where it is false */
    record UserDeleted(
            @Nullable String group,
            boolean wasActive,
            boolean wasVerified,
            @JsonInclude(Include.NON_DEFAULT) boolean wasPending)
            implements StoredUserEvent {}

    record ProviderIdentity(String clientId) {
        /** In place of one whose key is gone. */
        static final ProviderIdentity UNKNOWN = new ProviderIdentity("");
    }

    /** The components are those of {@link ProviderLink}. */
    record AuthProviderLinked(
            String provider,
            @Nullable String sealedToken,
            @Nullable Long tokenExpiry,
            ProviderIdentity personal) implements StoredUserEvent {
        public AuthProviderLinked {
            personal = erasable(personal);
        }
    }

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
            personal = erasable(personal);
        }
    }

    record AuthProviderUnlinked(String provider) implements StoredUserEvent {}

    private static Profile erasable(@Nullable Profile profile) {
        return profile == null ? Profile.EMPTY : profile;
    }

    private static String erasable(@Nullable String secret) {
        return secret == null ? "" : secret;
    }

    private static ProviderIdentity erasable(@Nullable ProviderIdentity identity) {
        return identity == null ? ProviderIdentity.UNKNOWN : identity;
    }
}
