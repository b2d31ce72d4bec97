package io.userstore.command.rest;

import io.userstore.api.json.Json;
import io.userstore.api.user.UserResource;
import io.userstore.command.code.Code;
import io.userstore.command.user.Profile;
import io.userstore.command.user.UserState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The user object as the write side answers it, from the state it has just decided on. */
final class Resources {
    private Resources() {}

    static UserResource of(String userId, UserState state, @Nullable Instant lastSignin) {
        Profile profile = state.profile();
        return new UserResource(
                userId,
                profile.email(),
                profile.username(),
                profile.firstName(),
                profile.lastName(),
                state.group(),
                profile.extra(),
                state.application(),
                state.active(),
                state.emailVerified(),
                state.validated(),
                state.confirmation() == null ? null : state.confirmation().text(),
                lastSignin,
                state.updatedAt(),
                state.createdAt(),
                state.version());
    }

    /** The user with the code that was just made, which is in no other answer. */
    static ObjectNode withCode(Object answer, Code code) {
        ObjectNode json = Json.MAPPER.valueToTree(answer);
        json.put("verification_code", code.value());
        return json;
    }

    /** Only what an update changed, and when, as UserStore.io answers it. */
    static Map<String, @Nullable Object> changes(UserState before, UserState after) {
        Map<String, @Nullable Object> changes = new LinkedHashMap<>();
        Profile old = before.profile();
        Profile now = after.profile();
        put(changes, "email", old.email(), now.email());
        put(changes, "username", old.username(), now.username());
        put(changes, "first_name", old.firstName(), now.firstName());
        put(changes, "last_name", old.lastName(), now.lastName());
        put(changes, "group", before.group(), after.group());
        put(changes, "extra", old.extra(), now.extra());
        put(changes, "is_active", before.active(), after.active());
        put(changes, "is_email_verified", before.emailVerified(), after.emailVerified());
        changes.put("updated_at", after.updatedAt());
        return changes;
    }

    private static void put(
            Map<String, @Nullable Object> changes, String field, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            changes.put(field, after);
        }
    }
}
