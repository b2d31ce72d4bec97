package io.userstore.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applications and their keys. Thread-safe. */
public final class Applications {
    private static final String APPLICATIONS = "applications";
    private static final String KEYS = "keys";

    private final Transport transport;

    Applications(Transport transport) {
        this.transport = transport;
    }

    /**
     * An application.
     *
     * @param inactiveSignin {@code allow} or {@code deny}
     * @param mail null where everything is the service's
     * @param updatedAt of the settings; null for the application {@code default} until they change
     * @param createdAt null for the application {@code default}
     */
    public record Application(
            String name,
            String inactiveSignin,
            @Nullable Mail mail,
            @Nullable Instant updatedAt,
            @Nullable Instant createdAt) {}

    /**
     * What an application's mails have of their own.
     *
     * @param fromEmail their sender, null for the service's
     * @param smtp null for the service's server
     */
    public record Mail(@Nullable String fromEmail, @Nullable Smtp smtp) {}

    /**
     * A mail server; its password is never told.
     *
     * @param security {@code none}, {@code starttls} or {@code tls}
     * @param username null where it asks for none
     */
    public record Smtp(
            String host,
            int port,
            String security,
            @Nullable String username) {}

    /**
     * A key.
     *
     * @param key the secret: told only at its making, and never by {@link #toString()}
     * @param expiresAt null for never
     */
    public record Key(
            String id,
            @Nullable String key,
            String application,
            @Nullable String name,
            List<String> permissions,
            Instant createdAt,
            @Nullable Instant expiresAt) {
        @Override
        public String toString() {
            return "Key[" + id + ", ***]";
        }
    }

    private record Listed(List<Application> data) {}

    private record ListedKeys(List<Key> data) {}

    /** The first applications in the order of their names, at most 1,000. */
    public List<Application> list() {
        Request request = Request.get(APPLICATIONS).with("limit", 1_000);
        return transport.read(request, ReadOptions.DEFAULT, Listed.class).data();
    }

    public Application get(String name) {
        return transport.read(Request.get(APPLICATIONS, name), ReadOptions.DEFAULT, Application.class);
    }

    /** @param name of {@code a-z}, {@code 0-9} and dashes */
    public Application create(String name, WriteOptions options) {
        return transport.write(Request.of("POST", Map.of("name", name), APPLICATIONS), options, Application.class);
    }

    /**
     * Changes settings (PATCH).
     *
     * @param settings by their names in the API, {@code inactive_signin} and {@code mail}; {@code null} takes what is below it back to the
     *     service's, and what is not named stays
     */
    public Application change(String name, Map<String, ? extends @Nullable Object> settings, WriteOptions options) {
        return transport.write(Request.of("PATCH", settings, APPLICATIONS, name), options, Application.class);
    }

    /** The keys that are valid now, without the secrets. */
    public List<Key> keys(String application) {
        Request request = Request.get(APPLICATIONS, application, KEYS);
        return transport.read(request, ReadOptions.DEFAULT, ListedKeys.class).data();
    }

    /** @param permissions for example {@code users:read} */
    public Key issueKey(String application, Set<String> permissions, WriteOptions options) {
        Map<String, Object> body = Map.of("permissions", List.copyOf(permissions));
        return transport.write(Request.of("POST", body, APPLICATIONS, application, KEYS), options, Key.class);
    }

    /** @param overlap how long the old key goes on to be valid, in whole seconds */
    public Key rotateKey(String application, String keyId, Duration overlap, WriteOptions options) {
        Map<String, Object> body = Map.of("overlap_seconds", overlap.toSeconds());
        Request request = Request.of("POST", body, APPLICATIONS, application, KEYS, keyId, "rotate");
        return transport.write(request, options, Key.class);
    }

    /** The key is valid no more. */
    public void revokeKey(String application, String keyId, WriteOptions options) {
        transport.write(Request.of("DELETE", null, APPLICATIONS, application, KEYS, keyId), options);
    }
}
