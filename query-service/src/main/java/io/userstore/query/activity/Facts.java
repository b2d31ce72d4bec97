package io.userstore.query.activity;

import io.userstore.api.event.EventType;
import io.userstore.api.event.UserEvent;
import io.userstore.api.json.Json;
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
 * @param personal JSON, which may hold keys that no field of a document may be called; null when nothing is personal
 */
record Facts(BsonDocument data, @Nullable String personal) {
    private static final String PERSONAL = "personal";
    private static final JsonWriterSettings PLAIN =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    static Facts of(UserEvent event) {
        ObjectNode json = Json.MAPPER.valueToTree(event);
        @Nullable JsonNode personal = json.remove(PERSONAL);
        return new Facts(BsonDocument.parse(json.toString()), personal == null ? null : personal.toString());
    }

    /** The event again. */
    UserEvent event(EventType type) {
        ObjectNode json = (ObjectNode) Json.MAPPER.readTree(data.toJson(PLAIN));
        if (personal != null) {
            json.set(PERSONAL, Json.MAPPER.readTree(personal));
        }
        return Json.MAPPER.treeToValue(json, type.eventClass());
    }
}
