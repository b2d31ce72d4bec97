package io.userstore.api.event;

import io.userstore.api.json.Json;
import io.userstore.api.seal.UserKey;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.node.ObjectNode;

/**
 * Published events as CloudEvents 1.0 in binary mode of the Kafka protocol binding: attributes as headers named
 * {@code ce_…}, the value as JSON. Immutable and thread-safe.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents,
 *     Kafka protocol binding 1.0.2</a>
 */
public final class EventCodec {
    private static final String SOURCE_PREFIX = "/userstore/applications/";
    private static final String SCHEMA_PREFIX = "https://userstore.dev/schemas/";

    /** The one field of an event's data that tells who the person is. */
    private static final String PERSONAL = "personal";

    private static final ObjectReader NUMBERED = Json.MAPPER.readerFor(Numbered.class);
    private static final ObjectReader READER = Json.MAPPER.readerFor(Value.class);
    private static final ObjectWriter WRITER = Json.MAPPER.writerFor(Value.class);

    private EventCodec() {}

    /** What stands in the record's value; which of the two numbers is there tells the stream. */
    record Value(
            @Nullable String application,
            @Nullable String userId,
            @Nullable Long version,
            @Nullable Long loginSequence,
            long position,
            PublishedEvent.@Nullable Actor actor,
            @Nullable ObjectNode data) {}

    /** The part of a value that every event has, whatever its type. */
    private record Numbered(
            @Nullable String userId,
            @Nullable Long version,
            @Nullable Long loginSequence) {}

    /** A record that is no event of this contract; the message says why and quotes no content. */
    public static final class UndecodableEventException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UndecodableEventException(String message) {
            super(message);
        }
    }

    /** A record of a type that this version of the contract does not know: to be passed over, not an error. */
    public static final class UnknownEventTypeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient @Nullable EventNumber number;

        UnknownEventTypeException(String type, @Nullable EventNumber number) {
            super("unknown event type " + type);
            this.number = number;
        }

        /** Which event of its user it is, or null when the record does not say that as all events do. */
        public @Nullable EventNumber number() {
            return number;
        }
    }

    /** The record's headers, in a fixed order. */
    public static Map<String, byte[]> headers(PublishedEvent event) {
        EventType type = event.type();
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", utf8("1.0"));
        headers.put("ce_id", utf8(event.id()));
        headers.put("ce_type", utf8(type.publishedName()));
        headers.put("ce_source", utf8(sourceOf(event.application())));
        headers.put("ce_subject", utf8(event.userId()));
        headers.put("ce_time", utf8(Json.format(event.time())));
        headers.put("ce_dataschema", utf8(SCHEMA_PREFIX + type.publishedName() + ".json"));
        headers.put("content-type", utf8("application/json"));
        return headers;
    }

    /** The CloudEvents source of an application's events. */
    public static String sourceOf(String application) {
        return SOURCE_PREFIX + application;
    }

    /** The record's value: JSON in UTF-8. */
    public static byte[] value(PublishedEvent event) {
        boolean user = event.type().stream() == EventStream.USER;
        return WRITER.writeValueAsBytes(new Value(
                event.application(),
                event.userId(),
                user ? event.sequence() : null,
                user ? null : event.sequence(),
                event.position(),
                event.actor(),
                data(event)));
    }

    /** With what is personal as it was sealed, byte for byte, whether or not it has been opened. */
    private static ObjectNode data(PublishedEvent event) {
        ObjectNode data = Json.MAPPER.valueToTree(event.data());
        PublishedEvent.Seal seal = event.seal();
        return seal == null ? data : data.put(PERSONAL, seal.jwe());
    }

    /**
     * Reads a record back.
     *
     * @param header gives a header's value by its name, or null
     * @throws UnknownEventTypeException for a type from a later version of the contract
     * @throws UndecodableEventException for everything that breaks the contract
     */
    public static PublishedEvent decode(Function<String, byte @Nullable []> header, byte @Nullable [] value) {
        String typeName = text(header, "ce_type");
        EventType type = EventType.named(typeName);
        if (type == null) {
            throw new UnknownEventTypeException(typeName, number(value));
        }
        if (value == null) {
            throw new UndecodableEventException("a record without a value");
        }
        Value read = read(type, value);
        Long sequence = type.stream() == EventStream.USER ? read.version() : read.loginSequence();
        PublishedEvent.Actor actor = read.actor();
        ObjectNode data = read.data();
        if (read.application() == null || read.userId() == null || sequence == null || data == null) {
            throw new UndecodableEventException("application, user_id, data or the sequence number is missing");
        }
        String sealed = data.path(PERSONAL).isString() ? data.path(PERSONAL).stringValue() : null;
        return new PublishedEvent(
                text(header, "ce_id"),
                time(text(header, "ce_time")),
                read.application(),
                read.userId(),
                sequence,
                read.position(),
                actor == null ? new PublishedEvent.Actor(null, null) : actor,
                fact(type, data, sealed),
                sealed == null ? null : new PublishedEvent.Seal(sealed, false));
    }

    /** The number of an event whose data nobody here understands. */
    private static @Nullable EventNumber number(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            Numbered read = NUMBERED.readValue(value);
            if (read == null || read.userId() == null || (read.version() == null) == (read.loginSequence() == null)) {
                return null;
            }
            return read.version() != null
                    ? new EventNumber(read.userId(), EventStream.USER, read.version())
                    : new EventNumber(read.userId(), EventStream.SIGN_INS, read.loginSequence());
        } catch (JacksonException e) {
            // Not JSON as of today: a type from the future may be anything.
            return null;
        }
    }

    /**
     * The event with what is personal in its data; the event as it is when nothing of it is sealed, or not with this key.
     *
     * @throws UndecodableEventException when what was sealed is not what belongs into such an event
     */
    public static PublishedEvent open(PublishedEvent event, UserKey key) {
        PublishedEvent.Seal seal = event.seal();
        String personal =
                seal == null || seal.opened() ? null : key.open(seal.jwe()).orElse(null);
        if (seal == null || personal == null) {
            return event;
        }
        ObjectNode data = Json.MAPPER.valueToTree(event.data());
        try {
            data.set(PERSONAL, Json.MAPPER.readTree(personal));
        } catch (JacksonException e) {
            throw undecodable(event.type(), e);
        }
        return new PublishedEvent(
                event.id(),
                event.time(),
                event.application(),
                event.userId(),
                event.sequence(),
                event.position(),
                event.actor(),
                fact(event.type(), data, null),
                new PublishedEvent.Seal(seal.jwe(), true));
    }

    private static UserEvent fact(EventType type, ObjectNode data, @Nullable String sealed) {
        try {
            if (sealed != null) {
                data.remove(PERSONAL);
            }
            return Json.MAPPER.treeToValue(data, type.eventClass());
        } catch (JacksonException e) {
            throw undecodable(type, e);
        }
    }

    private static Value read(EventType type, byte[] value) {
        try {
            Value read = READER.readValue(value);
            if (read == null) {
                throw new UndecodableEventException("the value is JSON null");
            }
            return read;
        } catch (JacksonException e) {
            throw undecodable(type, e);
        }
    }

    /** The library's message quotes content, which may be personal; the place is enough to find it. */
    private static UndecodableEventException undecodable(EventType type, JacksonException e) {
        return new UndecodableEventException("the value is not the JSON of " + type.publishedName() + ": "
                + e.getClass().getSimpleName() + " at "
                + (e.getLocation() == null ? "?" : e.getLocation().offsetDescription()));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UndecodableEventException("ce_time is not RFC 3339");
        }
    }

    private static String text(Function<String, byte @Nullable []> header, String name) {
        byte[] bytes = header.apply(name);
        if (bytes == null) {
            throw new UndecodableEventException("no header " + name);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
