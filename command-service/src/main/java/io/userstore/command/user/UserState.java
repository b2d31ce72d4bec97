package io.userstore.command.user;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.userstore.command.user.StoredUserEvent.EmailChanged;
import io.userstore.command.user.StoredUserEvent.Imported;
import io.userstore.command.user.StoredUserEvent.PasswordChanged;
import io.userstore.command.user.StoredUserEvent.PasswordRehashed;
import io.userstore.command.user.StoredUserEvent.ProfileUpdated;
import io.userstore.command.user.StoredUserEvent.UserActivated;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.StoredUserEvent.UsernameChanged;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the facts about one user add up to. Immutable; evolving never validates and never throws.
 *
 * @param passwordHash encoded; empty before creation, after deletion, and for who was imported without one
 * @param version how many events made this state; 0 for a user that was never created
 */
public record UserState(
        String application,
        Profile profile,
        @Nullable String group,
        boolean active,
        boolean emailVerified,
        String passwordHash,
        Instant createdAt,
        Instant updatedAt,
        boolean deleted,
        long version) {

    /** Before the first event. */
    public static final UserState NONE =
            new UserState("", Profile.EMPTY, null, false, false, "", Instant.EPOCH, Instant.EPOCH, false, 0);

    /** Whether there is such a user now. */
    @JsonIgnore
    public boolean exists() {
        return version > 0 && !deleted;
    }

    /** Whether there is such a user now, in that application. */
    public boolean existsIn(String thatApplication) {
        return exists() && application.equals(thatApplication);
    }

    /** The state after one more event, which happened at {@code time}; finer than a millisecond is cut off. */
    public UserState apply(StoredUserEvent event, Instant time) {
        Instant at = time.truncatedTo(ChronoUnit.MILLIS);
        return switch (event) {
            case UserCreated(var app, var ofGroup, var isActive, var hash, var personal, var imported) ->
                new UserState(
                        app,
                        personal,
                        ofGroup,
                        isActive,
                        imported != null && imported.emailVerified(),
                        hash,
                        createdAt(imported, at),
                        at,
                        false,
                        1);
            case ProfileUpdated(var changed, var ofGroup, var previousGroup, var personal) ->
                next(at, personal, ofGroup, active, emailVerified, passwordHash);
            case UsernameChanged(var personal) ->
                next(
                        at,
                        profile.withUsername(personal == null ? null : personal.username()),
                        group,
                        active,
                        emailVerified,
                        passwordHash);
            case EmailChanged(var wasVerified, var personal) ->
                next(
                        at,
                        profile.withEmail(personal == null ? null : personal.email()),
                        group,
                        active,
                        false,
                        passwordHash);
            case PasswordChanged(var hash) -> next(at, profile, group, active, emailVerified, hash);
            case PasswordRehashed(var hash) -> next(at, profile, group, active, emailVerified, hash);
            case UserActivated() -> next(at, profile, group, true, emailVerified, passwordHash);
            case UserDeactivated() -> next(at, profile, group, false, emailVerified, passwordHash);
            case UserDeleted(var ofGroup, var wasActive, var wasVerified) ->
                new UserState(application, Profile.EMPTY, null, false, false, "", createdAt, at, true, version + 1);
        };
    }

    private static Instant createdAt(@Nullable Imported imported, Instant otherwise) {
        Instant earlier = imported == null ? null : imported.createdAt();
        return earlier == null ? otherwise : earlier.truncatedTo(ChronoUnit.MILLIS);
    }

    private UserState next(
            Instant at,
            Profile newProfile,
            @Nullable String newGroup,
            boolean isActive,
            boolean verified,
            String hash) {
        return new UserState(
                application, newProfile, newGroup, isActive, verified, hash, createdAt, at, false, version + 1);
    }

    @Override
    public String toString() {
        return "UserState[version=" + version + ", deleted=" + deleted + "]";
    }
}
