package io.userstore.query.activity;

import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.EmailChanged;
import io.userstore.api.event.UserEvent.LoginFailed;
import io.userstore.api.event.UserEvent.LoginRecorded;
import io.userstore.api.event.UserEvent.PasswordChanged;
import io.userstore.api.event.UserEvent.PasswordRehashed;
import io.userstore.api.event.UserEvent.ProfileUpdated;
import io.userstore.api.event.UserEvent.SignedOut;
import io.userstore.api.event.UserEvent.UserActivated;
import io.userstore.api.event.UserEvent.UserCreated;
import io.userstore.api.event.UserEvent.UserDeactivated;
import io.userstore.api.event.UserEvent.UserDeleted;
import io.userstore.api.event.UserEvent.UsernameChanged;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Event → change of the activity. Pure. */
sealed interface ActivityChange {

    /** One more entry, beside what every event tells. */
    record Entry(List<String> changed, @Nullable String address) implements ActivityChange {}

    /** All entries of the user go; that the user was deleted, when and by which key, stays. */
    record Purge() implements ActivityChange {}

    static ActivityChange of(UserEvent event) {
        return switch (event) {
            case UserCreated(var group, var active, var profile, var imported) -> changed(Set.of());
            case ProfileUpdated(var changed, var group, var previousGroup, var profile) -> changed(changed);
            case UsernameChanged(var name) -> changed(Set.of("username"));
            case EmailChanged(var wasVerified, var email) -> changed(Set.of("email"));
            case PasswordChanged() -> changed(Set.of("password"));
            case PasswordRehashed() -> changed(Set.of());
            case UserActivated() -> changed(Set.of("is_active"));
            case UserDeactivated() -> changed(Set.of("is_active"));
            case UserDeleted(var group, var wasActive, var wasVerified) -> new Purge();
            case LoginRecorded(var method, var group, var previousLoginAt, var origin) -> from(origin);
            case LoginFailed(var group, var origin) -> from(origin);
            case SignedOut(var origin) -> from(origin);
        };
    }

    private static Entry changed(Set<String> fields) {
        return new Entry(List.copyOf(new TreeSet<>(fields)), null);
    }

    private static Entry from(UserEvent.@Nullable Origin origin) {
        return new Entry(List.of(), origin == null ? null : origin.address());
    }
}
