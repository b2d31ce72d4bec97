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

/** Event → change of the activity. Pure. */
sealed interface ActivityChange {

    /** One more entry, beside what every event tells. */
    record Entry(List<String> changed) implements ActivityChange {}

    /** All entries of the user go; that the user was deleted, when and by which key, stays. */
    record Purge() implements ActivityChange {}

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
            case UserDeleted(var group, var wasActive, var wasVerified, var wasPending) -> new Purge();
            case LoginRecorded(var method, var group, var previousLoginAt, var origin) -> changed(Set.of());
            case LoginFailed(var group, var origin) -> changed(Set.of());
            case SignedOut(var origin) -> changed(Set.of());
            case AuthProviderLinked(var provider, var identity) -> changed(Set.of("auth_providers." + provider));
            case AuthProviderUpdated(var provider, var changed, var identity) ->
                changed(Set.of("auth_providers." + provider));
            case AuthProviderUnlinked(var provider) -> changed(Set.of("auth_providers." + provider));
            case UserLocked(var until, var failures) -> changed(Set.of());
        };
    }

    private static Entry changed(Set<String> fields) {
        return new Entry(List.copyOf(new TreeSet<>(fields)));
    }
}
