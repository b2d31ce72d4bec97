package io.userstore.command.publish;

import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.Proof;
import io.userstore.command.application.StoredApplicationEvent;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.user.CodePurpose;
import io.userstore.command.user.StoredUserEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the world is told of each stored event, type by type; a stored event that is forgotten here does not compile.
 * No secret passes: whatever holds a hash, of a password or of a code, is mapped to a fact without it.
 */
final class Publication {
    private Publication() {}

    /** The fact without what is personal in it, which is published as it is stored: sealed. */
    static UserEvent of(StoredUserEvent stored) {
        return switch (stored) {
            case StoredUserEvent.UserCreated(
                    var app,
                    var group,
                    var active,
                    var confirmationPending,
                    var hash,
                    var personal,
                    var imported) ->
                new UserEvent.UserCreated(
                        group, active, confirmationPending, UserEvent.Profile.UNKNOWN, imported(imported));
            case StoredUserEvent.ProfileUpdated(var changed, var group, var previousGroup, var personal) ->
                new UserEvent.ProfileUpdated(changed, group, previousGroup, UserEvent.Profile.UNKNOWN);
            case StoredUserEvent.UsernameChanged(var personal) -> new UserEvent.UsernameChanged(null);
            case StoredUserEvent.EmailChanged(var wasVerified, var personal) ->
                new UserEvent.EmailChanged(wasVerified, null);
            case StoredUserEvent.PasswordChanged(var hash) -> new UserEvent.PasswordChanged();
            case StoredUserEvent.PasswordRehashed(var hash) -> new UserEvent.PasswordRehashed();
            case StoredUserEvent.UserActivated() -> new UserEvent.UserActivated();
            case StoredUserEvent.UserDeactivated() -> new UserEvent.UserDeactivated();
            case StoredUserEvent.VerificationRequested(var purpose, var codeHash, var expiresAt) ->
                new UserEvent.VerificationRequested(
                        purpose == CodePurpose.CONFIRMATION ? Proof.CONFIRMATION : Proof.VERIFICATION, expiresAt);
            case StoredUserEvent.EmailVerified(var wasVerified, var confirmed) ->
                new UserEvent.EmailVerified(wasVerified, confirmed);
            case StoredUserEvent.PasswordResetRequested(var codeHash, var expiresAt) ->
                new UserEvent.PasswordResetRequested(expiresAt);
            case StoredUserEvent.PasswordReset(var hash) -> new UserEvent.PasswordReset();
            case StoredUserEvent.ConfirmationMailSent() -> new UserEvent.ConfirmationMailSent();
            case StoredUserEvent.ConfirmationMailFailed() -> new UserEvent.ConfirmationMailFailed();
            case StoredUserEvent.UserDeleted(var group, var wasActive, var wasVerified, var wasPending) ->
                new UserEvent.UserDeleted(group, wasActive, wasVerified, wasPending);
            case StoredUserEvent.AuthProviderLinked(var provider, var token, var expiry, var personal) ->
                new UserEvent.AuthProviderLinked(provider, UserEvent.ProviderIdentity.UNKNOWN);
            case StoredUserEvent.AuthProviderUpdated(var provider, var changed, var token, var expiry, var personal) ->
                new UserEvent.AuthProviderUpdated(provider, changed, UserEvent.ProviderIdentity.UNKNOWN);
            case StoredUserEvent.AuthProviderUnlinked(var provider) -> new UserEvent.AuthProviderUnlinked(provider);
        };
    }

    /** Likewise. */
    static UserEvent of(StoredSignInEvent stored) {
        return switch (stored) {
            case StoredSignInEvent.LoginRecorded(var group, var previousLoginAt, var personal, var method) ->
                new UserEvent.LoginRecorded(method, group, previousLoginAt, UserEvent.Origin.UNKNOWN);
            case StoredSignInEvent.LoginFailed(var group, var personal, var passwordVersion) ->
                new UserEvent.LoginFailed(group, UserEvent.Origin.UNKNOWN);
            case StoredSignInEvent.SignedOut(var personal) -> new UserEvent.SignedOut(UserEvent.Origin.UNKNOWN);
            case StoredSignInEvent.UserLocked(var until, var failures) -> new UserEvent.UserLocked(until, failures);
        };
    }

    /** The keys whose grants an event changes, by their ids; none is a user's event. */
    static List<String> keysOf(StoredApplicationEvent stored) {
        return switch (stored) {
            case StoredApplicationEvent.ApplicationCreated created -> List.of();
            case StoredApplicationEvent.SettingsChanged changed -> List.of();
            case StoredApplicationEvent.KeyIssued issued -> List.of(issued.keyId());
            case StoredApplicationEvent.KeyRotated rotated -> List.of(rotated.keyId(), rotated.newKeyId());
            case StoredApplicationEvent.KeyRevoked revoked -> List.of(revoked.keyId());
        };
    }

    private static UserEvent.@Nullable Imported imported(StoredUserEvent.@Nullable Imported imported) {
        return imported == null ? null : new UserEvent.Imported(imported.createdAt(), imported.emailVerified());
    }
}
