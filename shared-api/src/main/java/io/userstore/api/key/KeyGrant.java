package io.userstore.api.key;

import io.userstore.api.json.Json;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one key grants; the value of a record on the keys topic, whose key is the key's id. No value means no grant.
 *
 * @param application the application that the key belongs to
 * @param digest of the key, see {@link KeyDigest}; a key is 192 random bits, so its digest tells nothing of it
 * @param permissions by their names, for example {@code users:read}; a name that is not known grants nothing
 * @param expiresAt when it ends to be valid, or null when it does not end by itself
 */
public record KeyGrant(
        String application,
        String digest,
        Set<String> permissions,
        @Nullable Instant expiresAt) {
    public KeyGrant {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(digest, "digest");
        permissions = Set.copyOf(permissions);
    }

    /** Whether the key is valid at that time. */
    public boolean isValidAt(Instant time) {
        return expiresAt == null || time.isBefore(expiresAt);
    }

    /** JSON in UTF-8. */
    public byte[] toJson() {
        return Json.MAPPER.writeValueAsBytes(this);
    }

    /**
     * Reads a grant back.
     *
     * @throws tools.jackson.core.JacksonException when it is none
     */
    public static KeyGrant fromJson(byte[] json) {
        return Json.MAPPER.readValue(json, KeyGrant.class);
    }
}
