package io.userstore.query.users;

import static io.userstore.query.mongo.BsonForm.flag;
import static io.userstore.query.mongo.BsonForm.number;
import static io.userstore.query.mongo.BsonForm.text;
import static io.userstore.query.mongo.BsonForm.time;

import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.EmailChanged;
import io.userstore.api.event.UserEvent.Imported;
import io.userstore.api.event.UserEvent.LoginFailed;
import io.userstore.api.event.UserEvent.LoginRecorded;
import io.userstore.api.event.UserEvent.PasswordChanged;
import io.userstore.api.event.UserEvent.PasswordRehashed;
import io.userstore.api.event.UserEvent.Profile;
import io.userstore.api.event.UserEvent.ProfileUpdated;
import io.userstore.api.event.UserEvent.SignedOut;
import io.userstore.api.event.UserEvent.UserActivated;
import io.userstore.api.event.UserEvent.UserCreated;
import io.userstore.api.event.UserEvent.UserDeactivated;
import io.userstore.api.event.UserEvent.UserDeleted;
import io.userstore.api.event.UserEvent.UsernameChanged;
import io.userstore.api.user.Text;
import io.userstore.query.projection.Change;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
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
            case UserDeleted(var group, var wasActive, var wasVerified) -> new Change.Erase();
            case LoginRecorded(var method, var group, var previousLoginAt, var origin) ->
                new Change.Put(Map.of(UserFields.LAST_SIGNIN, time(event.time())));
            case LoginFailed(var group, var origin) -> new Change.Advance();
            case SignedOut(var origin) -> new Change.Advance();
        };
    }

    /** Fills in what a search looks at, which follows from four other fields. */
    static void fillInSearch(BsonDocument user) {
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
        fields.put(UserFields.CONFIRMATION, BsonNull.VALUE);
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

    private static String key(@Nullable BsonValue name) {
        return name != null && name.isString() ? Text.key(name.asString().getValue()) : "";
    }
}
