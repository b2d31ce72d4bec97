package io.userstore.web;

import java.util.Arrays;
import java.util.Optional;

/** What a key may do. */
public enum Permission {
    USERS_READ("users:read"),
    USERS_WRITE("users:write"),
    AUTH("auth"),
    STATS_READ("stats:read"),
    /** All that happens, as it happens; what is personal in it stays sealed. */
    EVENTS_READ("events:read"),
    ADMIN("admin");

    private final String text;

    Permission(String text) {
        this.text = text;
    }

    /** As it is written, for example {@code users:read}. */
    public String text() {
        return text;
    }

    /** The permission that is written so, or empty when there is none. */
    public static Optional<Permission> named(String text) {
        return Arrays.stream(values())
                .filter(permission -> permission.text.equals(text))
                .findFirst();
    }
}
