package io.userstore.audit.fold;

import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.Profile;
import io.userstore.api.event.UserEvent.Proof;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A user as the events so far make them: the fields of the user object. What is personal is there only where the events
 * were opened. Not thread-safe.
 */
public final class UserView {
    /** Names of fields, where others ask for them. */
    public static final String VERSION = "version";

    public static final String LOGIN_SEQUENCE = "login_sequence";
    public static final String DELETED = "deleted";

    private static final String EMAIL = "email";
    private static final String USERNAME = "username";
    private static final String IS_ACTIVE = "is_active";
    private static final String IS_EMAIL_VERIFIED = "is_email_verified";
    private static final String CONFIRMATION = "confirmation";

    private final Fields fields = new Fields();
    private final Map<String, String> providers = new TreeMap<>();

    public UserView(String userId) {
        fields.put("id", userId);
    }

    /** Values by name, in one array: a fold of many users holds as many of these, and a map takes five times as much. */
    private static final class Fields {
        private static final List<String> NAMES = List.of(
                "id",
                "application",
                EMAIL,
                USERNAME,
                "first_name",
                "last_name",
                "group",
                "extra",
                IS_ACTIVE,
                IS_EMAIL_VERIFIED,
                CONFIRMATION,
                "last_signin",
                "created_at",
                "updated_at",
                "locked_until",
                VERSION,
                LOGIN_SEQUENCE,
                DELETED,
                "deleted_at");
        private static final Map<String, Integer> PLACES =
                IntStream.range(0, NAMES.size()).boxed().collect(Collectors.toUnmodifiableMap(NAMES::get, at -> at));
        /** Stands where a name has no value, not even null. */
        private static final Object NOTHING = new Object();

        private final @Nullable Object[] values = new @Nullable Object[NAMES.size()];

        Fields() {
            Arrays.fill(values, NOTHING);
        }

        void put(String name, @Nullable Object value) {
            Integer place = PLACES.get(name);
            if (place == null) {
                throw new IllegalArgumentException("no field of a user: " + name);
            }
            values[place] = value;
        }

        @Nullable
        Object get(String name) {
            Integer place = PLACES.get(name);
            return place == null || values[place] == NOTHING ? null : values[place];
        }

        void retain(Set<String> names) {
            for (int at = 0; at < values.length; at++) {
                if (!names.contains(NAMES.get(at))) {
                    values[at] = NOTHING;
                }
            }
        }

        Map<String, @Nullable Object> asMap() {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            for (int at = 0; at < values.length; at++) {
                if (values[at] != NOTHING) {
                    all.put(NAMES.get(at), values[at]);
                }
            }
            return all;
        }
    }

    /** By name; null for what is not known, or is not there. */
    public Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> all = fields.asMap();
        all.put("auth_providers", Map.copyOf(providers));
        return all;
    }

    public @Nullable Object field(String name) {
        return fields.get(name);
    }

    /** Never validates: what was published happened. */
    public void apply(PublishedEvent event) {
        switch (event.data()) {
            case UserEvent.UserCreated created -> created(event, created);
            case UserEvent.ProfileUpdated(var changed, var group, var previousGroup, var profile) -> {
                names(profile, group);
                updated(event);
            }
            case UserEvent.UsernameChanged(var name) -> {
                fields.put(USERNAME, name == null ? null : name.username());
                updated(event);
            }
            case UserEvent.EmailChanged(var wasVerified, var address) -> {
                fields.put(EMAIL, address == null ? null : address.email());
                fields.put(IS_EMAIL_VERIFIED, false);
                updated(event);
            }
            case UserEvent.PasswordChanged() -> updated(event);
            case UserEvent.PasswordRehashed() -> updated(event);
            case UserEvent.PasswordReset() -> updated(event);
            case UserEvent.UserActivated() -> active(event, true);
            case UserEvent.UserDeactivated() -> active(event, false);
            case UserEvent.VerificationRequested(var purpose, var expiresAt) -> {
                if (purpose == Proof.CONFIRMATION) {
                    fields.put(CONFIRMATION, "pending");
                }
            }
            case UserEvent.EmailVerified(var wasVerified, var confirmed) -> {
                fields.put(IS_EMAIL_VERIFIED, true);
                if (confirmed) {
                    fields.put(CONFIRMATION, null);
                }
                updated(event);
            }
            case UserEvent.ConfirmationMailFailed() -> {
                fields.put(CONFIRMATION, "failed");
                updated(event);
            }
            case UserEvent.LoginRecorded login -> fields.put("last_signin", event.time());
            case UserEvent.AuthProviderLinked(var provider, var identity) -> link(event, provider, identity.clientId());
            case UserEvent.AuthProviderUpdated(var provider, var changed, var identity) ->
                link(event, provider, identity.clientId());
            case UserEvent.AuthProviderUnlinked(var provider) -> {
                providers.remove(provider);
                updated(event);
            }
            case UserEvent.UserDeleted deleted -> erase(event);
            case UserEvent.PasswordResetRequested requested -> {
                // Says nothing of the user; the number below does. Likewise the others.
            }
            case UserEvent.ConfirmationMailSent sent -> {}
            case UserEvent.LoginFailed failed -> {}
            case UserEvent.SignedOut signedOut -> {}
            case UserEvent.UserLocked locked -> fields.put("locked_until", locked.until());
        }
        fields.put(event.type().stream() == EventStream.USER ? VERSION : LOGIN_SEQUENCE, event.sequence());
    }

    /** Passes over an event of a type that is not known here: nothing changes but the number of the last one. */
    public void skip(EventStream stream, long number) {
        fields.put(stream == EventStream.USER ? VERSION : LOGIN_SEQUENCE, number);
    }

    private void created(PublishedEvent event, UserEvent.UserCreated created) {
        UserEvent.Imported imported = created.imported();
        Instant since = imported == null ? null : imported.createdAt();
        fields.put("application", event.application());
        fields.put(EMAIL, created.personal().email());
        fields.put(USERNAME, created.personal().username());
        names(created.personal(), created.group());
        fields.put(IS_ACTIVE, created.active());
        fields.put(IS_EMAIL_VERIFIED, imported != null && imported.emailVerified());
        fields.put(CONFIRMATION, created.confirmationPending() ? "pending" : null);
        fields.put("last_signin", null);
        fields.put("created_at", since == null ? event.time() : since);
        updated(event);
    }

    private void names(Profile profile, @Nullable String group) {
        fields.put("first_name", profile.firstName());
        fields.put("last_name", profile.lastName());
        fields.put("group", group);
        fields.put("extra", new TreeMap<>(profile.extra()));
    }

    private void active(PublishedEvent event, boolean active) {
        fields.put(IS_ACTIVE, active);
        updated(event);
    }

    private void link(PublishedEvent event, String provider, String clientId) {
        providers.put(provider, clientId);
        updated(event);
    }

    private void updated(PublishedEvent event) {
        fields.put("updated_at", event.time());
    }

    private void erase(PublishedEvent event) {
        fields.retain(Set.of("id", "application", VERSION, LOGIN_SEQUENCE));
        providers.clear();
        fields.put(DELETED, true);
        fields.put("deleted_at", event.time());
    }
}
