package io.userstore.command.rest;

import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes over a line of another system field by field. Values keep their types: our own fields are checked afterwards.
 * Not thread-safe: one per line.
 */
final class ForeignFields {
    private final Map<?, ?> foreign;
    private final Map<String, Object> ours = new LinkedHashMap<>();
    private final Faults faults;

    ForeignFields(Map<?, ?> foreign, Faults faults) {
        this.foreign = foreign;
        this.faults = faults;
    }

    ForeignFields take(String theirName, String ourName) {
        return put(ourName, foreign.get(theirName));
    }

    ForeignFields put(String ourName, @Nullable Object value) {
        if (value != null) {
            ours.put(ourName, value);
        }
        return this;
    }

    void uncheckable(String field) {
        faults.add(field, Kind.INVALID, "not a password hash that can be checked here");
    }

    /** Where they let an e-mail address be the user name, it is the address only. */
    Map<String, Object> translated() {
        if (ours.get("username") instanceof String username && username.contains("@")) {
            Object email = ours.putIfAbsent("email", username);
            if (email == null || username.equalsIgnoreCase(email.toString())) {
                ours.remove("username");
            }
        }
        return ours;
    }

    static @Nullable String text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text ? text : null;
    }

    static long number(Map<?, ?> map, String name, long otherwise) {
        return map.get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    static Map<?, ?> object(Map<?, ?> map, String name) {
        return map.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }
}
