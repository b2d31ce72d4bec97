package io.userstore.client;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is to change of a user; what is not named stays. Immutable: each method answers another one. */
public final class UserChanges {
    private static final UserChanges NONE = new UserChanges(Map.of());

    private final Map<String, @Nullable Object> fields;

    private UserChanges(Map<String, @Nullable Object> fields) {
        this.fields = fields;
    }

    public static UserChanges none() {
        return NONE;
    }

    /** Null takes the address away; a user must keep it or the user name. */
    public UserChanges email(@Nullable String email) {
        return with("email", email);
    }

    /** Null takes the name away; a user must keep it or the address. */
    public UserChanges username(@Nullable String username) {
        return with("username", username);
    }

    public UserChanges password(String password) {
        return with("password", new Password(password));
    }

    public UserChanges firstName(@Nullable String name) {
        return with("first_name", name);
    }

    public UserChanges lastName(@Nullable String name) {
        return with("last_name", name);
    }

    public UserChanges group(@Nullable String group) {
        return with("group", group);
    }

    public UserChanges active(boolean active) {
        return with("is_active", active);
    }

    /** Sets one custom value, a string, number or boolean; null takes it away. The others stay. */
    public UserChanges extra(String key, @Nullable Object value) {
        Map<String, @Nullable Object> extra = new LinkedHashMap<>();
        if (fields.get("extra") instanceof Map<?, ?> before) {
            before.forEach((name, old) -> extra.put(String.valueOf(name), old));
        }
        extra.put(key, value);
        return with("extra", extra);
    }

    private UserChanges with(String field, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new UserChanges(Collections.unmodifiableMap(more));
    }

    @JsonValue
    Map<String, @Nullable Object> fields() {
        return fields;
    }

    /** The names of the fields, never their values. */
    @Override
    public String toString() {
        return "UserChanges" + fields.keySet();
    }
}
