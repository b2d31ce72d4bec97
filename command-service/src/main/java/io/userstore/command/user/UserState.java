package io.userstore.command.user;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.userstore.command.user.StoredUserEvent.AuthProviderLinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUnlinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUpdated;
import io.userstore.command.user.StoredUserEvent.EmailChanged;
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
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the facts about one user add up to. Immutable; evolving never validates and never throws.
 *
 * @param passwordHash encoded; empty before creation, after deletion, and for a user who has only providers
 * @param version how many events made this state; 0 for a user that was never created
 * @param links what the user has at OAuth providers, by provider
 * @param passwordVersion the version in which the password was last set; hashing it anew does not count
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
        long version,
        Map<String, ProviderLink> links,
        long passwordVersion) {

    /** Before the first event. */
    public static final UserState NONE = new UserState(
            "", Profile.EMPTY, null, false, false, "", Instant.EPOCH, Instant.EPOCH, false, 0, Map.of(), 0);

    public UserState {
        links = Map.copyOf(links);
    }

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
            case UserCreated(var app, var ofGroup, var isActive, var hash, var personal) ->
                new UserState(app, personal, ofGroup, isActive, false, hash, at, at, false, 1, Map.of(), 1);
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
            case PasswordChanged(var hash) ->
                next(at, profile, group, active, emailVerified, hash).with(links, version + 1);
            case PasswordRehashed(var hash) -> next(at, profile, group, active, emailVerified, hash);
            case UserActivated() -> next(at, profile, group, true, emailVerified, passwordHash);
            case UserDeactivated() -> next(at, profile, group, false, emailVerified, passwordHash);
            case UserDeleted(var ofGroup, var wasActive, var wasVerified) ->
                new UserState(
                        application,
                        Profile.EMPTY,
                        null,
                        false,
                        false,
                        "",
                        createdAt,
                        at,
                        true,
                        version + 1,
                        Map.of(),
                        0);
            case AuthProviderLinked(var provider, var sealedToken, var tokenExpiry, var personal) ->
                linked(at, provider, new ProviderLink(personal.clientId(), sealedToken, tokenExpiry));
            case AuthProviderUpdated(var provider, var changed, var sealedToken, var tokenExpiry, var personal) ->
                linked(at, provider, new ProviderLink(personal.clientId(), sealedToken, tokenExpiry));
            case AuthProviderUnlinked(var provider) -> linked(at, provider, null);
        };
    }

    private UserState next(
            Instant at,
            Profile newProfile,
            @Nullable String newGroup,
            boolean isActive,
            boolean verified,
            String hash) {
        return new UserState(
                application,
                newProfile,
                newGroup,
                isActive,
                verified,
                hash,
                createdAt,
                at,
                false,
                version + 1,
                links,
                passwordVersion);
    }

    /** @param link null to take the link away */
    private UserState linked(Instant at, String provider, @Nullable ProviderLink link) {
        Map<String, ProviderLink> changed = new HashMap<>(links);
        if (link == null) {
            changed.remove(provider);
        } else {
            changed.put(provider, link);
        }
        return next(at, profile, group, active, emailVerified, passwordHash).with(changed, passwordVersion);
    }

    private UserState with(Map<String, ProviderLink> newLinks, long newPasswordVersion) {
        return new UserState(
                application,
                profile,
                group,
                active,
                emailVerified,
                passwordHash,
                createdAt,
                updatedAt,
                deleted,
                version,
                newLinks,
                newPasswordVersion);
    }

    @Override
    public String toString() {
        return "UserState[version=" + version + ", deleted=" + deleted + "]";
    }
}
