package io.userstore.client;

import com.fasterxml.jackson.annotation.JsonProperty;
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
 * @param changes the old and the new value of each field whose value may be told; empty when there is none
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
        @Nullable JsonNode changed,
        List<FieldChange> changes) {
    public ActivityEntry {
        changes = changes == null ? List.of() : List.copyOf(changes);
    }

    /**
     * The value of one field before and after an event: text, number or boolean.
     *
     * @param field for example {@code email}, {@code extra.color}, {@code auth_providers.google.client_id}
     * @param before null when there was none
     * @param after null when there is none any more
     */
    public record FieldChange(
            String field,
            @JsonProperty("old") @Nullable Object before,
            @JsonProperty("new") @Nullable Object after) {
        /** Names the field, not what it tells of the person. */
        @Override
        public String toString() {
            return "FieldChange[" + field + "]";
        }
    }

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
