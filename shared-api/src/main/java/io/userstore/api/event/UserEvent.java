package io.userstore.api.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A published fact about one user. Immutable. No event holds a secret (password, hash, code, access token), and
 * everything that tells who the person is stands in the component {@code personal} and nowhere else, so that it can
 * be erased from history while the fact remains.
 *
 * <p>What a null component means is said per event; a consumer must ignore fields it does not know.
 */
public sealed interface UserEvent {

    /**
     * What identifies a person in a profile; carried whole, as it is after the event.
     *
     * @param extra custom values by key: string, number or boolean; empty when there are none
     */
    record Profile(
            @Nullable String email,
            @Nullable String username,
            @Nullable String firstName,
            @Nullable String lastName,
            Map<String, Object> extra) {
        /** In place of one that is sealed. */
        public static final Profile UNKNOWN = new Profile(null, null, null, null, Map.of());

        public Profile {
            extra = extra == null ? Map.of() : Map.copyOf(extra);
        }
    }

    /** From where a request came, as the service saw it: an IP address, or null where none was known. */
    record Origin(@Nullable String address) {
        /** Also in place of one that is sealed. */
        public static final Origin UNKNOWN = new Origin(null);
    }

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
     * @param active whether the user may sign in
     * @param confirmationPending whether the user is asked to confirm the e-mail address and has not; left out of the
     *     JSON where it is false
     * @param imported null for a user who is new altogether
     */
    record UserCreated(
            @Nullable String group,
            boolean active,
            @JsonInclude(Include.NON_DEFAULT) boolean confirmationPending,
            Profile personal,
            @Nullable Imported imported)
            implements UserEvent {
        public UserCreated {
            personal = personal == null ? Profile.UNKNOWN : personal;
        }

        /** A user who is new altogether. */
        public UserCreated(@Nullable String group, boolean active, boolean confirmationPending, Profile personal) {
            this(group, active, confirmationPending, personal, null);
        }
    }

    /**
     * Names, group or custom values changed. Carries the whole profile as it is now.
     *
     * @param changed which fields changed: {@code first_name}, {@code last_name}, {@code group}, {@code extra}
     * @param previousGroup the group before the event, so that counters by group need no look-up
     */
    record ProfileUpdated(
            Set<String> changed,
            @Nullable String group,
            @Nullable String previousGroup,
            Profile personal) implements UserEvent {
        public ProfileUpdated {
            changed = sorted(changed);
            personal = personal == null ? Profile.UNKNOWN : personal;
        }
    }

    /** The user name changed; {@code personal} is null when it was removed. */
    record UsernameChanged(@Nullable Name personal) implements UserEvent {}

    /**
     * The e-mail address changed; {@code personal} is null when it was removed. A changed address is unverified.
     *
     * @param wasVerified whether the address before was verified
     */
    record EmailChanged(boolean wasVerified, @Nullable Email personal) implements UserEvent {}

    /** The password changed. Nothing of either password is told. */
    record PasswordChanged() implements UserEvent {}

    /** The same password, hashed anew with the settings of today; nothing that a consumer need act on. */
    record PasswordRehashed() implements UserEvent {}

    record UserActivated() implements UserEvent {}

    record UserDeactivated() implements UserEvent {}

    /** What the user is asked to prove the e-mail address for. */
    enum Proof {
        /** That the address is the user's; nothing else depends on it. */
        @JsonProperty("verification")
        VERIFICATION,
        /** Likewise, and the user becomes active by it. */
        @JsonProperty("confirmation")
        CONFIRMATION
    }

    /**
     * A code was made with which the user can prove the e-mail address; one that was made before for the same purpose
     * is void. After a confirmation mail that failed the confirmation is pending again.
     */
    record VerificationRequested(Proof purpose, Instant expiresAt) implements UserEvent {}

    /**
     * The user has proved the e-mail address.
     *
     * @param wasVerified whether the address had been proved before
     * @param confirmed whether a confirmation was pending and is given by this
     */
    record EmailVerified(boolean wasVerified, boolean confirmed) implements UserEvent {}

    /** A code was made with which the password can be set; one that was made before is void. */
    record PasswordResetRequested(Instant expiresAt) implements UserEvent {}

    /** The password was set with such a code. Nothing of either password is told. */
    record PasswordReset() implements UserEvent {}

    /** A mail server has taken the mail that asks for confirmation. */
    record ConfirmationMailSent() implements UserEvent {}

    /** The mail that asks for confirmation was rejected, or could not be sent for too long. */
    record ConfirmationMailFailed() implements UserEvent {}

    /**
     * The user is gone for good; the components tell what counters must give back.
     *
     * @param wasPending whether a confirmation was asked for and not given; left out of the JSON where it is false
     */
    record UserDeleted(
            @Nullable String group,
            boolean wasActive,
            boolean wasVerified,
            @JsonInclude(Include.NON_DEFAULT) boolean wasPending)
            implements UserEvent {}

    /**
     * A successful sign-in.
     *
     * @param method how the user proved it: {@code password}, or the provider that vouched, for example {@code google}
     * @param previousLoginAt the login before this one, null at the first, so that unique logins can be counted
     *     without remembering anybody
     */
    record LoginRecorded(
            String method, @Nullable String group, @Nullable Instant previousLoginAt, Origin personal)
            implements UserEvent {
        public LoginRecorded {
            personal = personal == null ? Origin.UNKNOWN : personal;
        }
    }

    /** A wrong password for an existing user. */
    record LoginFailed(@Nullable String group, Origin personal) implements UserEvent {
        public LoginFailed {
            personal = personal == null ? Origin.UNKNOWN : personal;
        }
    }

    record SignedOut(Origin personal) implements UserEvent {
        public SignedOut {
            personal = personal == null ? Origin.UNKNOWN : personal;
        }
    }

    /** Who the user is at an OAuth provider; kept exactly as it was given, compared case-sensitively. */
    record ProviderIdentity(String clientId) {
        /** In place of one that is sealed. */
        public static final ProviderIdentity UNKNOWN = new ProviderIdentity("");
    }

    /** The user can sign in through that provider from now on. No access token is told. */
    record AuthProviderLinked(String provider, ProviderIdentity personal) implements UserEvent {
        public AuthProviderLinked {
            personal = personal == null ? ProviderIdentity.UNKNOWN : personal;
        }
    }

    /**
     * The link to a provider changed. Carries the identity as it is now.
     *
     * @param changed what changed: {@code client_id}, {@code access_token}, {@code access_token_expiry}
     */
    record AuthProviderUpdated(String provider, Set<String> changed, ProviderIdentity personal) implements UserEvent {
        public AuthProviderUpdated {
            changed = sorted(changed);
            personal = personal == null ? ProviderIdentity.UNKNOWN : personal;
        }
    }

    /** The user cannot sign in through that provider any more. */
    record AuthProviderUnlinked(String provider) implements UserEvent {}

    /**
     * Passwords of the user are refused for a while, the right one too.
     *
     * @param until the end of the lock
     * @param failures wrong passwords in a row so far
     */
    record UserLocked(Instant until, int failures) implements UserEvent {}

    /** In one order always, so that an event that is published again has the same bytes. */
    private static Set<String> sorted(@Nullable Set<String> names) {
        return names == null ? Set.of() : Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }
}
