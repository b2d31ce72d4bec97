package io.userstore.command.user;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What tells who a user is. Immutable.
 *
 * @param email as typed, trimmed; unique within the application by {@link io.userstore.api.user.Text#key(String)}
 * @param username likewise
 * @param extra string, number or boolean by key
 */
public record Profile(
        @Nullable String email,
        @Nullable String username,
        @Nullable String firstName,
        @Nullable String lastName,
        Map<String, Object> extra) {
    public static final Profile EMPTY = new Profile(null, null, null, null, Map.of());

    public Profile {
        extra = extra == null ? Map.of() : comparable(extra);
    }

    /** A number read from JSON may be an int where a long was written; both must be equal. */
    private static Map<String, Object> comparable(Map<String, Object> values) {
        return values.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        e -> e.getValue() instanceof Integer i ? (Object) i.longValue() : e.getValue()));
    }

    Profile withEmail(@Nullable String newEmail) {
        return new Profile(newEmail, username, firstName, lastName, extra);
    }

    /** The same profile under another user name, or under none. */
    public Profile withUsername(@Nullable String newUsername) {
        return new Profile(email, newUsername, firstName, lastName, extra);
    }
}
