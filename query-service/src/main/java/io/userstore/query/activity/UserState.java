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
import io.userstore.api.user.UserResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A user after some of its events: a pure fold. Immutable.
 *
 * @param values text, numbers and booleans by the names that a {@link FieldChange} has; no nulls
 * @param createdAt since when the user is known; the beginning of 1970 for nobody
 * @param updatedAt of the last event that changed the user
 * @param version the number of the last event, 0 for nobody
 */
record UserState(SortedMap<String, Object> values, Instant createdAt, Instant updatedAt, long version) {
    static final UserState NOBODY = new UserState(new TreeMap<>(), Instant.EPOCH, Instant.EPOCH, 0);

    private static final String EMAIL = "email";
    private static final String USERNAME = "username";
    private static final String FIRST_NAME = "first_name";
    private static final String LAST_NAME = "last_name";
    private static final String GROUP = "group";
    private static final String EXTRA = "extra.";
    private static final String ACTIVE = "is_active";
    private static final String EMAIL_VERIFIED = "is_email_verified";
    private static final String CONFIRMATION = "confirmation";
    private static final String IDENTITY = "auth_providers.";
    private static final String CLIENT_ID = ".client_id";

    UserState {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** The user after one more event of the user's stream. */
    UserState after(UserEvent event, Instant time, long number) {
        SortedMap<String, Object> next = new TreeMap<>(values);
        return switch (event) {
            case UserCreated created -> {
                create(next, created);
                yield new UserState(next, since(created, time), time, number);
            }
            case ProfileUpdated(var changed, var group, var previousGroup, var profile) -> {
                putNames(next, profile, group);
                yield updated(next, time, number);
            }
            case UsernameChanged(var name) -> {
                put(next, USERNAME, name == null ? null : name.username());
                yield updated(next, time, number);
            }
            case EmailChanged(var wasVerified, var address) -> {
                put(next, EMAIL, address == null ? null : address.email());
                next.put(EMAIL_VERIFIED, false);
                yield updated(next, time, number);
            }
            case EmailVerified(var wasVerified, var confirmed) -> {
                next.put(EMAIL_VERIFIED, true);
                if (confirmed) {
                    next.remove(CONFIRMATION);
                }
                yield updated(next, time, number);
            }
            case UserActivated() -> {
                next.put(ACTIVE, true);
                yield updated(next, time, number);
            }
            case UserDeactivated() -> {
                next.put(ACTIVE, false);
                yield updated(next, time, number);
            }
            case ConfirmationMailFailed() -> {
                next.put(CONFIRMATION, "failed");
                yield updated(next, time, number);
            }
            case VerificationRequested(var purpose, var expiresAt) -> {
                if (purpose == Proof.CONFIRMATION) {
                    next.put(CONFIRMATION, "pending");
                }
                yield updated(next, updatedAt, number);
            }
            case AuthProviderLinked(var provider, var identity) -> {
                next.put(identity(provider), identity.clientId());
                yield updated(next, time, number);
            }
            case AuthProviderUpdated(var provider, var changed, var identity) -> {
                next.put(identity(provider), identity.clientId());
                yield updated(next, time, number);
            }
            case AuthProviderUnlinked(var provider) -> {
                next.remove(identity(provider));
                yield updated(next, time, number);
            }
            case PasswordChanged() -> updated(next, time, number);
            case PasswordRehashed() -> updated(next, time, number);
            case PasswordReset() -> updated(next, time, number);
            case PasswordResetRequested(var expiresAt) -> updated(next, updatedAt, number);
            case ConfirmationMailSent() -> updated(next, updatedAt, number);
            case UserDeleted(var group, var wasActive, var wasVerified, var wasPending) -> NOBODY;
            case LoginRecorded(var method, var group, var previousLoginAt, var origin) -> this;
            case LoginFailed(var group, var origin) -> this;
            case SignedOut(var origin) -> this;
            case UserLocked(var until, var failures) -> this;
        };
    }

    /** What became different since {@code before}, by field. */
    List<FieldChange> since(UserState before) {
        TreeSet<String> fields = new TreeSet<>(before.values.keySet());
        fields.addAll(values.keySet());
        List<FieldChange> changes = new ArrayList<>();
        for (String field : fields) {
            Object old = before.values.get(field);
            Object now = values.get(field);
            if (!Objects.equals(old, now)) {
                changes.add(new FieldChange(field, old, now));
            }
        }
        return changes;
    }

    /**
     * The user object.
     *
     * @param lastSignin the last recorded login, null for none
     */
    UserResource resource(String id, String application, @Nullable Instant lastSignin) {
        boolean active = Boolean.TRUE.equals(values.get(ACTIVE));
        String confirmation = text(CONFIRMATION);
        Map<String, Object> extra = new TreeMap<>();
        values.tailMap(EXTRA).forEach((field, value) -> {
            if (field.startsWith(EXTRA)) {
                extra.put(field.substring(EXTRA.length()), value);
            }
        });
        return new UserResource(
                id,
                text(EMAIL),
                text(USERNAME),
                text(FIRST_NAME),
                text(LAST_NAME),
                text(GROUP),
                extra,
                application,
                active,
                Boolean.TRUE.equals(values.get(EMAIL_VERIFIED)),
                active && confirmation == null,
                confirmation,
                lastSignin,
                updatedAt,
                createdAt,
                version);
    }

    /** The same user with another number: events of unknown types have one and change nothing. */
    UserState numbered(long number) {
        return new UserState(values, createdAt, updatedAt, number);
    }

    private UserState updated(SortedMap<String, Object> next, Instant time, long number) {
        return new UserState(next, createdAt, time, number);
    }

    private static Instant since(UserCreated created, Instant time) {
        var imported = created.imported();
        Instant since = imported == null ? null : imported.createdAt();
        return since == null ? time : since;
    }

    private static void create(SortedMap<String, Object> next, UserCreated created) {
        var imported = created.imported();
        put(next, EMAIL, created.personal().email());
        put(next, USERNAME, created.personal().username());
        putNames(next, created.personal(), created.group());
        next.put(ACTIVE, created.active());
        next.put(EMAIL_VERIFIED, imported != null && imported.emailVerified());
        put(next, CONFIRMATION, created.confirmationPending() ? "pending" : null);
    }

    private static void putNames(SortedMap<String, Object> next, Profile profile, @Nullable String group) {
        put(next, FIRST_NAME, profile.firstName());
        put(next, LAST_NAME, profile.lastName());
        put(next, GROUP, group);
        next.keySet().removeIf(field -> field.startsWith(EXTRA));
        profile.extra().forEach((key, value) -> next.put(EXTRA + key, value));
    }

    private static void put(SortedMap<String, Object> next, String field, @Nullable Object value) {
        if (value == null) {
            next.remove(field);
        } else {
            next.put(field, value);
        }
    }

    private static String identity(String provider) {
        return IDENTITY + provider + CLIENT_ID;
    }

    private @Nullable String text(String field) {
        return (String) values.get(field);
    }

    /** Without the values, which are personal. */
    @Override
    public String toString() {
        return "UserState[version " + version + ']';
    }
}
