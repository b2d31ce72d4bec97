package io.userstore.command.publish;

import io.userstore.api.event.UserEvent;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.user.Profile;
import io.userstore.command.user.StoredUserEvent;
import org.jspecify.annotations.Nullable;

/**
 * What the world is told of each stored event, type by type; a stored event that is forgotten here does not compile.
 * No secret passes: whatever holds a hash is mapped to a fact without it.
 */
final class Publication {
    private Publication() {}

    static UserEvent of(StoredUserEvent stored) {
        return switch (stored) {
            case StoredUserEvent.UserCreated(var app, var group, var active, var hash, var personal, var imported) ->
                new UserEvent.UserCreated(group, active, profile(personal), imported(imported));
            case StoredUserEvent.ProfileUpdated(var changed, var group, var previousGroup, var personal) ->
                new UserEvent.ProfileUpdated(changed, group, previousGroup, profile(personal));
            case StoredUserEvent.UsernameChanged(var personal) ->
                new UserEvent.UsernameChanged(personal == null ? null : new UserEvent.Name(personal.username()));
            case StoredUserEvent.EmailChanged(var wasVerified, var personal) ->
                new UserEvent.EmailChanged(
                        wasVerified, personal == null ? null : new UserEvent.Email(personal.email()));
            case StoredUserEvent.PasswordChanged(var hash) -> new UserEvent.PasswordChanged();
            case StoredUserEvent.PasswordRehashed(var hash) -> new UserEvent.PasswordRehashed();
            case StoredUserEvent.UserActivated() -> new UserEvent.UserActivated();
            case StoredUserEvent.UserDeactivated() -> new UserEvent.UserDeactivated();
            case StoredUserEvent.UserDeleted(var group, var wasActive, var wasVerified) ->
                new UserEvent.UserDeleted(group, wasActive, wasVerified);
        };
    }

    static UserEvent of(StoredSignInEvent stored) {
        return switch (stored) {
            case StoredSignInEvent.LoginRecorded(var group, var previousLoginAt, var personal) ->
                new UserEvent.LoginRecorded("password", group, previousLoginAt, origin(personal));
            case StoredSignInEvent.LoginFailed(var group, var personal) ->
                new UserEvent.LoginFailed(group, origin(personal));
            case StoredSignInEvent.SignedOut(var personal) -> new UserEvent.SignedOut(origin(personal));
        };
    }

    private static UserEvent.Profile profile(Profile profile) {
        return new UserEvent.Profile(
                profile.email(), profile.username(), profile.firstName(), profile.lastName(), profile.extra());
    }

    private static UserEvent.@Nullable Imported imported(StoredUserEvent.@Nullable Imported imported) {
        return imported == null ? null : new UserEvent.Imported(imported.createdAt(), imported.emailVerified());
    }

    private static UserEvent.Origin origin(StoredSignInEvent.Origin origin) {
        return new UserEvent.Origin(origin.address());
    }
}
