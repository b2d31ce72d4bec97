package io.userstore.command.rest;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.userstore.command.application.ApplicationSettings;
import io.userstore.command.application.ApplicationState;
import io.userstore.command.application.MailServer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applications and their keys as they are answered. */
final class ApplicationResources {
    private ApplicationResources() {}

    /**
     * An application.
     *
     * @param mail absent where everything is the service's
     * @param updatedAt of the settings; absent for {@code default} until they change
     * @param createdAt absent for {@code default}, which is there from the beginning
     */
    @JsonPropertyOrder({"name", "inactive_signin", "mail", "updated_at", "created_at"})
    record Application(
            String name,
            String inactiveSignin,
            @Nullable Mail mail,
            @Nullable Instant updatedAt,
            @Nullable Instant createdAt) {}

    /** @param smtp absent for the service's server */
    @JsonPropertyOrder({"from_email", "smtp"})
    record Mail(@Nullable String fromEmail, @Nullable Smtp smtp) {}

    /** The application's own mail server; its password is never answered. */
    @JsonPropertyOrder({"host", "port", "security", "username"})
    record Smtp(
            String host,
            int port,
            String security,
            @Nullable String username) {}

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
                state.name(),
                state.settings().inactiveSignin().text(),
                mail(state.settings()),
                state.updatedAt(),
                state.createdAt());
    }

    private static @Nullable Mail mail(ApplicationSettings settings) {
        MailServer server = settings.mailServer();
        if (settings.mailFrom() == null && server == null) {
            return null;
        }
        Smtp smtp = server == null
                ? null
                : new Smtp(server.host(), server.port(), server.security().text(), server.username());
        return new Mail(settings.mailFrom(), smtp);
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
