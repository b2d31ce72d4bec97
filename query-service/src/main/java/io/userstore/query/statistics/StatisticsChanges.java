package io.userstore.query.statistics;

import io.userstore.api.event.PublishedEvent;
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
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an event adds to the counters of its hour. Pure.
 *
 * @param group the group that the user is in by the event
 */
record StatisticsChanges(@Nullable String group, Map<String, Long> hourly) {
    private static final StatisticsChanges NONE = new StatisticsChanges(null, Map.of());

    static StatisticsChanges of(PublishedEvent event) {
        return switch (event.data()) {
            case UserCreated(var group, var active, var pending, var profile, var imported) ->
                new StatisticsChanges(group, one(StatisticsFields.JOINS));
            case UserDeleted(var group, var wasActive, var wasVerified, var wasPending) ->
                new StatisticsChanges(group, one(StatisticsFields.DELETIONS));
            case LoginRecorded(var method, var group, var previousLoginAt, var origin) ->
                new StatisticsChanges(group, logins(event.time(), previousLoginAt));
            case LoginFailed(var group, var origin) ->
                new StatisticsChanges(group, one(StatisticsFields.FAILED_LOGINS));
            case UserActivated() -> NONE;
            case UserDeactivated() -> NONE;
            case EmailChanged(var wasVerified, var email) -> NONE;
            case EmailVerified(var wasVerified, var confirmed) -> NONE;
            case ProfileUpdated(var changed, var group, var previousGroup, var profile) -> NONE;
            case UsernameChanged(var name) -> NONE;
            case PasswordChanged() -> NONE;
            case PasswordRehashed() -> NONE;
            case VerificationRequested(var purpose, var expiresAt) -> NONE;
            case PasswordResetRequested(var expiresAt) -> NONE;
            case PasswordReset() -> NONE;
            case ConfirmationMailSent() -> NONE;
            case ConfirmationMailFailed() -> NONE;
            case SignedOut(var origin) -> NONE;
            case AuthProviderLinked(var provider, var identity) -> NONE;
            case AuthProviderUpdated(var provider, var changed, var identity) -> NONE;
            case AuthProviderUnlinked(var provider) -> NONE;
            case UserLocked(var until, var failures) -> NONE;
        };
    }

    /** A login is its user's first in an interval when the one before lies in an earlier interval. */
    private static Map<String, Long> logins(Instant time, @Nullable Instant previous) {
        Map<String, Long> counters = new LinkedHashMap<>(one(StatisticsFields.LOGINS));
        for (Interval interval : Interval.values()) {
            if (previous == null || interval.start(previous).isBefore(interval.start(time))) {
                counters.put(interval.uniqueLogins(), 1L);
            }
        }
        return counters;
    }

    private static Map<String, Long> one(String counter) {
        return Map.of(counter, 1L);
    }
}
