package io.userstore.command.rest;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.userstore.command.application.ApplicationState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applications and their keys as they are answered. */
final class ApplicationResources {
    private ApplicationResources() {}

    /**
     * An application.
     *
     * @param updatedAt of the settings; absent for {@code default} until they change
     * @param createdAt absent for {@code default}, which is there from the beginning
     */
    @JsonPropertyOrder({"name", "inactive_signin", "updated_at", "created_at"})
    record Application(
            String name,
            String inactiveSignin,
            @Nullable Instant updatedAt,
            @Nullable Instant createdAt) {}

    /**
     * A key.
     *
     * @param key the key itself: only in the answer to its making
     * @param replaces the key that this one was made for: likewise
     */
    @JsonPropertyOrder({"id", "key", "application", "name", "permissions", "created_at", "expires_at", "replaces"})
    record Key(
            String id,
            @Nullable String key,
            String application,
            @Nullable String name,
            List<String> permissions,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Replaced replaces) {}

    /** @param expiresAt until when it is still valid; absent when it is not any more */
    record Replaced(String id, @Nullable Instant expiresAt) {}

    /** @param next where the page behind this one is; absent on the last */
    record Paging(@Nullable String next, @Nullable String after, long totalCount) {}

    record Applications(Paging paging, List<Application> data) {}

    record Keys(List<Key> data) {}

    static Application of(ApplicationState state) {
        return new Application(
                state.name(), state.settings().inactiveSignin().text(), state.updatedAt(), state.createdAt());
    }

    /** @param made the key as it was just made, or null when it was made before */
    static Key of(
            ApplicationState state,
            String keyId,
            ApplicationState.Key key,
            @Nullable NewKey made,
            @Nullable Replaced replaces) {
        return new Key(
                keyId,
                made == null ? null : made.secret(),
                state.name(),
                key.name(),
                key.permissions().stream().sorted().toList(),
                key.createdAt(),
                key.expiresAt(),
                replaces);
    }
}
