package io.userstore.query.activity;

import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.AuthProviderLinked;
import io.userstore.api.event.UserEvent.AuthProviderUnlinked;
import io.userstore.api.event.UserEvent.AuthProviderUpdated;
import io.userstore.api.event.UserEvent.ConfirmationMailFailed;
import io.userstore.api.event.UserEvent.ConfirmationMailSent;
import io.userstore.api.event.UserEvent.EmailChanged;
import io.userstore.api.event.UserEvent.EmailVerified;
import io.userstore.api.event.UserEvent.LoginFailed;
import io.userstore.api.event.UserEvent.LoginRecorded;
import io.userstore.api.event.UserEvent.PasswordChanged;
import io.userstore.api.event.UserEvent.PasswordRehashed;
import io.userstore.api.event.UserEvent.PasswordReset;
import io.userstore.api.event.UserEvent.PasswordResetRequested;
import io.userstore.api.event.UserEvent.ProfileUpdated;
import io.userstore.api.event.UserEvent.SignedOut;
import io.userstore.api.event.UserEvent.UserActivated;
import io.userstore.api.event.UserEvent.UserCreated;
import io.userstore.api.event.UserEvent.UserDeactivated;
import io.userstore.api.event.UserEvent.UserDeleted;
import io.userstore.api.event.UserEvent.UserLocked;
import io.userstore.api.event.UserEvent.UsernameChanged;
import io.userstore.api.event.UserEvent.VerificationRequested;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an entry tells of an event beside values. Pure.
 *
 * @param changed the fields that changed, also those whose values are secret
 * @param address from where a sign-in came
 */
record ActivityChange(List<String> changed, @Nullable String address) {
    static final ActivityChange NONE = new ActivityChange(List.of(), null);

    static ActivityChange of(UserEvent event) {
        return switch (event) {
            case UserCreated(var group, var active, var pending, var profile, var imported) -> changed(Set.of());
            case ProfileUpdated(var changed, var group, var previousGroup, var profile) -> changed(changed);
            case UsernameChanged(var name) -> changed(Set.of("username"));
            case EmailChanged(var wasVerified, var email) -> changed(Set.of("email"));
            case PasswordChanged() -> changed(Set.of("password"));
            case PasswordRehashed() -> changed(Set.of());
            case UserActivated() -> changed(Set.of("is_active"));
            case UserDeactivated() -> changed(Set.of("is_active"));
            case VerificationRequested(var purpose, var expiresAt) -> changed(Set.of());
            case EmailVerified(var wasVerified, var confirmed) ->
                changed(confirmed ? Set.of("is_email_verified", "confirmation") : Set.of("is_email_verified"));
            case PasswordResetRequested(var expiresAt) -> changed(Set.of());
            case PasswordReset() -> changed(Set.of("password"));
            case ConfirmationMailSent() -> changed(Set.of());
            case ConfirmationMailFailed() -> changed(Set.of("confirmation"));
            case UserDeleted(var group, var wasActive, var wasVerified, var wasPending) -> changed(Set.of());
            case LoginRecorded(var method, var group, var previousLoginAt, var origin) -> from(origin);
            case LoginFailed(var group, var origin) -> from(origin);
            case SignedOut(var origin) -> from(origin);
            case AuthProviderLinked(var provider, var identity) -> changed(Set.of("auth_providers." + provider));
            case AuthProviderUpdated(var provider, var changed, var identity) ->
                changed(Set.of("auth_providers." + provider));
            case AuthProviderUnlinked(var provider) -> changed(Set.of("auth_providers." + provider));
            case UserLocked(var until, var failures) -> changed(Set.of());
        };
    }

    private static ActivityChange changed(Set<String> fields) {
        return new ActivityChange(List.copyOf(new TreeSet<>(fields)), null);
    }

    private static ActivityChange from(UserEvent.@Nullable Origin origin) {
        return new ActivityChange(List.of(), origin == null ? null : origin.address());
    }
}
