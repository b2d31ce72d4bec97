package io.userstore.client;

import io.userstore.api.user.UserResource;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Everything that is kept of one person.
 *
 * @param authProviders who the person is at OAuth providers, without tokens
 * @param history the whole history, oldest first
 */
public record Person(UserResource user, List<Identity> authProviders, List<Entry> history) {

    public record Identity(String provider, String clientId) {}

    /**
     * One event.
     *
     * @param position its place in the whole history
     * @param personal what it says of the person, null when it says nothing
     */
    public record Entry(
            String type,
            Instant time,
            long position,
            @Nullable String keyId,
            @Nullable String requestId,
            @Nullable JsonNode personal) {}

    /** Names nobody. */
    @Override
    public String toString() {
        return "Person[" + user.id() + "]";
    }
}
