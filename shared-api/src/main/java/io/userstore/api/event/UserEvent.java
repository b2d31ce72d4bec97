package io.userstore.api.event;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
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
        public Profile {
            extra = extra == null ? Map.of() : Map.copyOf(extra);
        }
    }

    /** From where a request came, as the service saw it: an IP address, or null where none was known. */
    record Origin(@Nullable String address) {}

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
     * @param imported null for a user who is new altogether
     */
    record UserCreated(
            @Nullable String group,
            boolean active,
            Profile personal,
            @Nullable Imported imported) implements UserEvent {
        /** A user who is new altogether. */
        public UserCreated(@Nullable String group, boolean active, Profile personal) {
            this(group, active, personal, null);
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
            changed = changed == null ? Set.of() : Set.copyOf(changed);
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

    /** The same password, hashed anew with stronger settings; nothing that a consumer need act on. */
    record PasswordRehashed() implements UserEvent {}

    record UserActivated() implements UserEvent {}

    record UserDeactivated() implements UserEvent {}

    /** The user is gone for good; the components tell what counters must give back. */
    record UserDeleted(@Nullable String group, boolean wasActive, boolean wasVerified) implements UserEvent {}

    /**
     * A successful sign-in.
     *
     * @param method how the user proved it: {@code password} for now
     * @param previousLoginAt the login before this one, null at the first, so that unique logins can be counted
     *     without remembering anybody
     */
    record LoginRecorded(
            String method, @Nullable String group, @Nullable Instant previousLoginAt, Origin personal)
            implements UserEvent {}

    /** A wrong password for an existing user. */
    record LoginFailed(@Nullable String group, Origin personal) implements UserEvent {}

    record SignedOut(Origin personal) implements UserEvent {}
}
