package io.userstore.query.users;

import static io.userstore.query.mongo.BsonForm.flag;
import static io.userstore.query.mongo.BsonForm.number;
import static io.userstore.query.mongo.BsonForm.text;
import static io.userstore.query.mongo.BsonForm.time;

import io.userstore.api.event.EventStream;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.AuthProviderLinked;
import io.userstore.api.event.UserEvent.AuthProviderUnlinked;
import io.userstore.api.event.UserEvent.AuthProviderUpdated;
import io.userstore.api.event.UserEvent.ConfirmationMailFailed;
import io.userstore.api.event.UserEvent.ConfirmationMailSent;
import io.userstore.api.event.UserEvent.EmailChanged;
import io.userstore.api.event.UserEvent.EmailVerified;
import io.userstore.api.event.UserEvent.Imported;
import io.userstore.api.event.UserEvent.LoginFailed;
import io.userstore.api.event.UserEvent.LoginRecorded;
import io.userstore.api.event.UserEvent.PasswordChanged;
import io.userstore.api.event.UserEvent.PasswordRehashed;
import io.userstore.api.event.UserEvent.PasswordReset;
import io.userstore.api.event.UserEvent.PasswordResetRequested;
import io.userstore.api.event.UserEvent.Profile;
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
import io.userstore.api.user.Text;
import io.userstore.query.projection.Change;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Event → change of the user's document. Pure. */
final class UserChanges {
    private UserChanges() {}

    static Change of(PublishedEvent event) {
        if (event.type().stream() == EventStream.USER && event.isSealed()) {
            // The user's key is gone, so the deletion is about to come; nobody is to see a user without a name until
            // then.
            return event.type() == EventType.USER_CREATED ? new Change.CreateErased() : new Change.Erase();
        }
        UserEvent data = event.data();
        return switch (data) {
            case UserCreated created -> created(event, created);
            case ProfileUpdated(var changed, var group, var previousGroup, var profile) ->
                updated(event, names(profile, group));
            case UsernameChanged(var name) -> updated(event, username(name == null ? null : name.username()));
            case EmailChanged(var wasVerified, var address) ->
                updated(event, email(address == null ? null : address.email()));
            case PasswordChanged() -> updated(event, Map.of());
            case PasswordRehashed() -> updated(event, Map.of());
            case UserActivated() -> updated(event, Map.of(UserFields.ACTIVE, flag(true)));
            case UserDeactivated() -> updated(event, Map.of(UserFields.ACTIVE, flag(false)));
            case VerificationRequested(var purpose, var expiresAt) ->
                purpose == Proof.CONFIRMATION
                        ? new Change.Put(Map.of(UserFields.CONFIRMATION, text(UserFields.PENDING)))
                        : new Change.Advance();
            case EmailVerified(var wasVerified, var confirmed) -> updated(event, verified(confirmed));
            case PasswordResetRequested(var expiresAt) -> new Change.Advance();
            case PasswordReset() -> updated(event, Map.of());
            case ConfirmationMailSent() -> new Change.Advance();
            case ConfirmationMailFailed() -> updated(event, Map.of(UserFields.CONFIRMATION, text(UserFields.FAILED)));
            case UserDeleted(var group, var wasActive, var wasVerified, var wasPending) -> new Change.Erase();
            case LoginRecorded(var method, var group, var previousLoginAt, var origin) ->
                new Change.Put(Map.of(UserFields.LAST_SIGNIN, time(event.time())));
            case LoginFailed(var group, var origin) -> new Change.Advance();
            case SignedOut(var origin) -> new Change.Advance();
            case AuthProviderLinked(var provider, var identity) -> updated(event, link(provider, identity.clientId()));
            case AuthProviderUpdated(var provider, var changed, var identity) ->
                updated(event, link(provider, identity.clientId()));
            case AuthProviderUnlinked(var provider) -> updated(event, link(provider, null));
            case UserLocked(var until, var failures) -> new Change.Advance();
        };
    }

    /**
     * Fills in what follows from other fields: what a search looks at, and the identities at providers. These come last and in an
     * order of their own, so that a document does not show in what batches its events came.
     */
    static void fillIn(BsonDocument user) {
        SortedMap<String, BsonValue> links = new TreeMap<>();
        user.forEach((field, value) -> {
            if (field.startsWith(UserFields.LINK_OF)) {
                links.put(field, value);
            }
        });
        user.keySet().removeAll(links.keySet());
        user.remove(UserFields.SEARCH);
        user.remove(UserFields.LINKS);
        fillInSearch(user);
        links.values().removeIf(BsonValue::isNull);
        if (!links.isEmpty()) {
            user.putAll(links);
            user.put(UserFields.LINKS, new BsonArray(List.copyOf(links.values())));
        }
    }

    private static void fillInSearch(BsonDocument user) {
        Set<String> keys = new LinkedHashSet<>();
        keys.add(user.getString(UserFields.EMAIL_KEY).getValue());
        keys.add(user.getString(UserFields.USERNAME_KEY).getValue());
        keys.add(key(user.get(UserFields.FIRST_NAME)));
        keys.add(key(user.get(UserFields.LAST_NAME)));
        keys.remove("");
        user.put(
                UserFields.SEARCH,
                new BsonArray(keys.stream().map(BsonString::new).toList()));
    }

    private static Change created(PublishedEvent event, UserCreated created) {
        Profile profile = created.personal();
        Imported imported = created.imported();
        Instant since = imported == null ? null : imported.createdAt();
        Map<String, BsonValue> fields = new LinkedHashMap<>();
        fields.put(UserFields.APPLICATION, text(event.application()));
        fields.putAll(email(profile.email()));
        fields.putAll(username(profile.username()));
        fields.put(UserFields.EMAIL_VERIFIED, flag(imported != null && imported.emailVerified()));
        fields.putAll(names(profile, created.group()));
        fields.put(UserFields.ACTIVE, flag(created.active()));
        fields.put(UserFields.CONFIRMATION, text(created.confirmationPending() ? UserFields.PENDING : null));
        fields.put(UserFields.LAST_SIGNIN, time(Instant.EPOCH));
        fields.put(UserFields.CREATED_AT, time(since == null ? event.time() : since));
        fields.put(UserFields.UPDATED_AT, time(event.time()));
        fields.put(UserFields.CURSOR, number(event.position()));
        return new Change.Create(fields);
    }

    private static Change updated(PublishedEvent event, Map<String, BsonValue> fields) {
        Map<String, BsonValue> all = new LinkedHashMap<>(fields);
        all.put(UserFields.UPDATED_AT, time(event.time()));
        return new Change.Put(all);
    }

    private static Map<String, BsonValue> names(Profile profile, @Nullable String group) {
        Map<String, BsonValue> fields = new LinkedHashMap<>();
        fields.put(UserFields.FIRST_NAME, text(profile.firstName()));
        fields.put(UserFields.LAST_NAME, text(profile.lastName()));
        fields.put(UserFields.GROUP, text(group));
        fields.put(UserFields.EXTRA, Extra.toBson(profile.extra()));
        return fields;
    }

    /** @param clientId null when the provider is not linked any more */
    private static Map<String, BsonValue> link(String provider, @Nullable String clientId) {
        return Map.of(
                UserFields.LINK_OF + provider, text(clientId == null ? null : UserFields.link(provider, clientId)));
    }

    private static Map<String, BsonValue> username(@Nullable String username) {
        return Map.of(
                UserFields.USERNAME, text(username),
                UserFields.USERNAME_KEY, text(username == null ? "" : Text.key(username)));
    }

    /** A changed address is unverified. */
    private static Map<String, BsonValue> email(@Nullable String email) {
        return Map.of(
                UserFields.EMAIL, text(email),
                UserFields.EMAIL_KEY, text(email == null ? "" : Text.key(email)),
                UserFields.EMAIL_VERIFIED, flag(false));
    }

    private static Map<String, BsonValue> verified(boolean confirmed) {
        return confirmed
                ? Map.of(UserFields.EMAIL_VERIFIED, flag(true), UserFields.CONFIRMATION, BsonNull.VALUE)
                : Map.of(UserFields.EMAIL_VERIFIED, flag(true));
    }

    private static String key(@Nullable BsonValue name) {
        return name != null && name.isString() ? Text.key(name.asString().getValue()) : "";
    }
}
