package io.userstore.audit.source;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A row of the history, of a user.
 *
 * @param number the event's number in its stream, from 1
 * @param time ISO 8601
 * @param type the name in the catalog, for example {@code user.created}
 * @param payload JSON; what is personal or secret in it is sealed
 * @param metaData JSON
 */
public record StoredEvent(
        long position,
        String aggregateId,
        long number,
        String eventId,
        String time,
        String type,
        String payload,
        String metaData) {
    private static final String SIGN_INS = "/sign-ins";

    /** The user whose event it is; both streams of a user begin with the id. */
    public String userId() {
        return userIdOf(aggregateId);
    }

    static String userIdOf(String aggregateId) {
        return aggregateId.endsWith(SIGN_INS)
                ? aggregateId.substring(0, aggregateId.length() - SIGN_INS.length())
                : aggregateId;
    }

    /** The names of a user's two streams in the store. */
    static String[] streamsOf(String userId) {
        return new String[] {userId, userId + SIGN_INS};
    }

    /**
     * The event as it was, or has to be, published. What is stored and not published (hashes) is left out by reading no more
     * than the contract knows.
     */
    public PublishedEvent published() throws UnreadableEventException {
        EventType catalogued = Arrays.stream(EventType.values())
                .filter(one -> one.catalogName().equals(type))
                .findFirst()
                .orElseThrow(() -> new UnreadableEventException("its type is not in the catalog"));
        if ((catalogued.stream() == EventStream.SIGN_INS) != aggregateId.endsWith(SIGN_INS)) {
            throw new UnreadableEventException("its type belongs to the user's other stream");
        }
        try {
            Map<String, String> headers = Map.of(
                    "ce_id", eventId,
                    "ce_type", catalogued.publishedName(),
                    "ce_time", Json.format(OffsetDateTime.parse(time).toInstant()));
            byte[] value = Json.MAPPER.writeValueAsBytes(value(catalogued));
            return EventCodec.decode(name -> utf8(headers.get(name)), value);
        } catch (JacksonException
                | DateTimeException
                | EventCodec.UndecodableEventException
                | EventCodec.UnknownEventTypeException e) {
            throw new UnreadableEventException("it is not what a stored event is made of");
        }
    }

    private ObjectNode value(EventType catalogued) throws UnreadableEventException {
        JsonNode meta = Json.MAPPER.readTree(metaData);
        if (!(Json.MAPPER.readTree(payload) instanceof ObjectNode data) || !meta.isObject()) {
            throw new UnreadableEventException("it is no JSON object");
        }
        if (catalogued == EventType.LOGIN_RECORDED && !data.has("method")) {
            // The first revision told a provider only.
            data.put("method", data.path("provider").asString("password"));
        }
        ObjectNode value = Json.MAPPER.createObjectNode();
        copy(meta, "application", value);
        value.put("user_id", userId());
        value.put(catalogued.stream() == EventStream.USER ? "version" : "login_sequence", number);
        value.put("position", position);
        ObjectNode actor = value.putObject("actor");
        copy(meta, "key_id", actor);
        copy(meta, "request_id", actor);
        value.set("data", data);
        return value;
    }

    private static void copy(JsonNode from, String field, ObjectNode to) {
        JsonNode value = from.get(field);
        if (value != null) {
            to.set(field, value);
        }
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
