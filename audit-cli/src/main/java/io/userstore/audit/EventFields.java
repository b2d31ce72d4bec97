package io.userstore.audit;

import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An event as it is printed. */
final class EventFields {
    static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("time", 24),
            new Output.Column("type", 24),
            new Output.Column("number", 6),
            new Output.Column("position", 8),
            new Output.Column("key_id", 10),
            new Output.Column("data", 0));

    private EventFields() {}

    static Map<String, @Nullable Object> of(PublishedEvent event) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("time", event.time());
        fields.put("type", event.type().catalogName());
        fields.put("number", (event.type().stream() == EventStream.USER ? "v" : "s") + event.sequence());
        fields.put("position", event.position());
        fields.put("id", event.id());
        fields.put("application", event.application());
        fields.put("user_id", event.userId());
        fields.put("key_id", event.actor().keyId());
        fields.put("request_id", event.actor().requestId());
        fields.put("data", data(event));
        return fields;
    }

    private static ObjectNode data(PublishedEvent event) {
        ObjectNode data = Json.MAPPER.valueToTree(event.data());
        return event.isSealed() ? data.put("personal", "sealed") : data;
    }
}
