package io.userstore.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One event of a user's history.
 *
 * @param type for example {@code user.created}
 * @param version the event's number among those of the user, null for a sign-in event
 * @param loginSequence the event's number among the sign-in events, null for another
 * @param position the event's place in the whole history; the cursor of paging
 * @param keyId the key that was used
 * @param address the IP address it came from, where one was known
 * @param changed what changed, as the server tells it; null when it is not that kind of event
 */
public record ActivityEntry(
        String type,
        Instant time,
        @Nullable Long version,
        @Nullable Long loginSequence,
        long position,
        @Nullable String keyId,
        @Nullable String requestId,
        @Nullable String address,
        @Nullable JsonNode changed) {
    /** Names the event, not what it tells of the person. */
    @Override
    public String toString() {
        return "ActivityEntry[" + type + " at " + position + "]";
    }

    /** The fields that changed, when the server lists their names alone; else empty. */
    public List<String> changedFields() {
        if (changed == null || !changed.isArray()) {
            return List.of();
        }
        return changed.valueStream().map(JsonNode::asString).toList();
    }
}
