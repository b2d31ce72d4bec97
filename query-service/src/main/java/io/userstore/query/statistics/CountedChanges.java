package io.userstore.query.statistics;

import static io.userstore.query.mongo.BsonForm.flag;
import static io.userstore.query.mongo.BsonForm.text;

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
import io.userstore.api.event.UserEvent.Proof;
import io.userstore.api.event.UserEvent.SignedOut;
import io.userstore.api.event.UserEvent.UserActivated;
import io.userstore.api.event.UserEvent.UserCreated;
import io.userstore.api.event.UserEvent.UserDeactivated;
import io.userstore.api.event.UserEvent.UserDeleted;
import io.userstore.api.event.UserEvent.UserLocked;
import io.userstore.api.event.UserEvent.UsernameChanged;
import io.userstore.api.event.UserEvent.VerificationRequested;
import io.userstore.query.projection.Change;
import java.util.Map;
import org.bson.BsonValue;

/** Event → change of what is remembered of a user who is counted. Pure. */
final class CountedChanges {
    private CountedChanges() {}

    static Change of(UserEvent event) {
        return switch (event) {
            case UserCreated created -> new Change.Create(fields(created));
            case UserDeleted(var group, var wasActive, var wasVerified, var wasPending) -> new Change.Erase();
            case ProfileUpdated(var changed, var group, var previousGroup, var profile) ->
                new Change.Put(Map.of(StatisticsFields.GROUP, text(group)));
            case UserActivated() -> put(StatisticsFields.ACTIVE, true);
            case UserDeactivated() -> put(StatisticsFields.ACTIVE, false);
            case EmailChanged(var wasVerified, var email) -> put(StatisticsFields.VERIFIED, false);
            case EmailVerified(var wasVerified, var confirmed) ->
                new Change.Put(
                        confirmed
                                ? Map.of(StatisticsFields.VERIFIED, flag(true), StatisticsFields.PENDING, flag(false))
                                : Map.of(StatisticsFields.VERIFIED, flag(true)));
            case VerificationRequested(var purpose, var expiresAt) ->
                purpose == Proof.CONFIRMATION ? put(StatisticsFields.PENDING, true) : new Change.Advance();
            case ConfirmationMailFailed() -> put(StatisticsFields.PENDING, true);
            case ConfirmationMailSent() -> new Change.Advance();
            case UsernameChanged(var name) -> new Change.Advance();
            case PasswordChanged() -> new Change.Advance();
            case PasswordRehashed() -> new Change.Advance();
            case PasswordResetRequested(var expiresAt) -> new Change.Advance();
            case PasswordReset() -> new Change.Advance();
            case LoginRecorded(var method, var group, var previousLoginAt, var origin) -> new Change.Advance();
            case LoginFailed(var group, var origin) -> new Change.Advance();
            case SignedOut(var origin) -> new Change.Advance();
            case AuthProviderLinked(var provider, var identity) -> new Change.Advance();
            case AuthProviderUpdated(var provider, var changed, var identity) -> new Change.Advance();
            case AuthProviderUnlinked(var provider) -> new Change.Advance();
            case UserLocked(var until, var failures) -> new Change.Advance();
        };
    }

    private static Map<String, BsonValue> fields(UserCreated created) {
        var imported = created.imported();
        return Map.of(
                StatisticsFields.GROUP, text(created.group()),
                StatisticsFields.ACTIVE, flag(created.active()),
                StatisticsFields.VERIFIED, flag(imported != null && imported.emailVerified()),
                StatisticsFields.PENDING, flag(created.confirmationPending()));
    }

    private static Change put(String field, boolean value) {
        return new Change.Put(Map.of(field, flag(value)));
    }
}
