package io.userstore.query.activity;

import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.json.Json;
import io.userstore.api.seal.UserKey;
import org.bson.BsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event as it is kept: as the log has it, with what is personal apart, so that this one text can be sealed, and
 * opened only to answer.
 *
 * @param personal as it was published: sealed, or JSON in an event that was not sealed; null when nothing is personal
 */
record Facts(BsonDocument data, @Nullable String personal) {
    private static final String PERSONAL = "personal";
    private static final JsonWriterSettings PLAIN =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    static Facts of(PublishedEvent event) {
        ObjectNode json = Json.MAPPER.valueToTree(event.data());
        @Nullable JsonNode clear = json.remove(PERSONAL);
        BsonDocument data = BsonDocument.parse(json.toString());
        PublishedEvent.Seal seal = event.seal();
        return seal != null ? new Facts(data, seal.jwe()) : new Facts(data, clear == null ? null : clear.toString());
    }

    /**
     * The event again, without what is personal when that is sealed and the key does not open it.
     *
     * @param key the user's; null when it is gone
     */
    UserEvent event(EventType type, @Nullable UserKey key) {
        ObjectNode json = (ObjectNode) Json.MAPPER.readTree(data.toJson(PLAIN));
        @Nullable JsonNode opened = opened(personal, key);
        if (opened != null) {
            json.set(PERSONAL, opened);
        }
        return Json.MAPPER.treeToValue(json, type.eventClass());
    }

    /** What is personal, or null when there is nothing, or it is sealed and the key does not open it. */
    static @Nullable JsonNode opened(@Nullable String personal, @Nullable UserKey key) {
        if (personal == null) {
            return null;
        }
        if (personal.startsWith("{")) {
            return Json.MAPPER.readTree(personal);
        }
        return key == null
                ? null
                : key.open(personal).map(Json.MAPPER::readTree).orElse(null);
    }
}
