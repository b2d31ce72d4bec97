package io.userstore.api.event;

import io.userstore.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

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

    private static final Map<EventType, ObjectReader> READERS = new EnumMap<>(EventType.class);
    private static final ObjectReader NUMBERED = Json.MAPPER.readerFor(Numbered.class);
    private static final ObjectWriter WRITER = Json.MAPPER.writerFor(Value.class);

    static {
        for (EventType type : EventType.values()) {
            READERS.put(
                    type,
                    Json.MAPPER.readerFor(
                            Json.MAPPER.getTypeFactory().constructParametricType(Value.class, type.eventClass())));
        }
    }

    private EventCodec() {}

    /** What stands in the record's value; which of the two numbers is there tells the stream. */
    record Value<T extends UserEvent>(
            @Nullable String application,
            @Nullable String userId,
            @Nullable Long version,
            @Nullable Long loginSequence,
            long position,
            PublishedEvent.@Nullable Actor actor,
            @Nullable T data) {}

    /** The part of a value that every event has, whatever its type. */
    private record Numbered(
            @Nullable String userId,
            @Nullable Long version,
            @Nullable Long loginSequence) {}

    /** A record that is no event of this contract; the message says why and quotes no content. */
    public static final class UndecodableEventException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UndecodableEventException(String message) {
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
        headers.put("ce_source", utf8(SOURCE_PREFIX + event.application()));
        headers.put("ce_subject", utf8(event.userId()));
        headers.put("ce_time", utf8(Json.format(event.time())));
        headers.put("ce_dataschema", utf8(SCHEMA_PREFIX + type.publishedName() + ".json"));
        headers.put("content-type", utf8("application/json"));
        return headers;
    }

    /** The record's value: JSON in UTF-8. */
    public static byte[] value(PublishedEvent event) {
        boolean user = event.type().stream() == EventStream.USER;
        return WRITER.writeValueAsBytes(new Value<>(
                event.application(),
                event.userId(),
                user ? event.sequence() : null,
                user ? null : event.sequence(),
                event.position(),
                event.actor(),
                event.data()));
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
        Value<?> read = read(type, value);
        Long sequence = type.stream() == EventStream.USER ? read.version() : read.loginSequence();
        PublishedEvent.Actor actor = read.actor();
        if (read.application() == null || read.userId() == null || sequence == null || read.data() == null) {
            throw new UndecodableEventException("application, user_id, data or the sequence number is missing");
        }
        return new PublishedEvent(
                text(header, "ce_id"),
                time(text(header, "ce_time")),
                read.application(),
                read.userId(),
                sequence,
                read.position(),
                actor == null ? new PublishedEvent.Actor(null, null) : actor,
                read.data());
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

    private static Value<?> read(EventType type, byte[] value) {
        try {
            ObjectReader reader = READERS.get(type);
            Value<?> read = reader == null ? null : reader.readValue(value);
            if (read == null) {
                throw new UndecodableEventException("the value is JSON null");
            }
            return read;
        } catch (JacksonException e) {
            // The library's message quotes content, which may be personal; the place is enough to find it.
            throw new UndecodableEventException("the value is not the JSON of " + type.publishedName() + ": "
                    + e.getClass().getSimpleName() + " at "
                    + (e.getLocation() == null ? "?" : e.getLocation().offsetDescription()));
        }
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
