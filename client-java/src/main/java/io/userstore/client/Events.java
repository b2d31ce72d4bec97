package io.userstore.client;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Hears of an application's users as they change ({@code GET /1/events}); needs a key with the permission {@code events:read}.
 * Thread-safe.
 *
 * <pre>{@code
 * String place = kept();                                // where the program was, or Events.BEGINNING
 * try (Stream<Events.Heard> heard = store.events().follow(Events.Query.ALL.after(place))) {
 *     heard.forEach(one -> handleAndKeep(one, one.place()));
 * }
 * }</pre>
 *
 * <p>An event may come more than once; its id tells. What is personal is sealed.
 */
public final class Events {
    /** In place of a place: the first event that the log still has. */
    public static final String BEGINNING = "beginning";

    private final Transport transport;

    Events(Transport transport) {
        this.transport = transport;
    }

    /**
     * Which events to hear.
     *
     * @param types as they are published, such as {@code io.userstore.user.created.v1}; empty for all
     * @param user an id, null for all users
     * @param place behind which to begin, as {@link Heard#place()} told it, or {@link #BEGINNING}; null for now
     */
    public record Query(
            List<String> types,
            @Nullable String user,
            @Nullable String place) {
        /** All that come from now on. */
        public static final Query ALL = new Query(List.of(), null, null);

        public Query {
            types = List.copyOf(types);
        }

        public Query ofTypes(String... names) {
            return new Query(List.of(names), user, place);
        }

        public Query ofUser(String id) {
            return new Query(types, id, place);
        }

        public Query after(String behind) {
            return new Query(types, user, behind);
        }
    }

    /**
     * One event.
     *
     * @param place to be kept, to go on behind it
     * @param type as it is published
     * @param cloudEvent the event in the structured mode of CloudEvents 1.0
     */
    public record Heard(String place, String type, JsonNode cloudEvent) {
        /**
         * The event as a type; empty when this version of the client does not know its type.
         *
         * @throws EventCodec.UndecodableEventException when it breaks the contract
         */
        public Optional<PublishedEvent> event() {
            try {
                return Optional.of(EventCodec.decode(
                        name -> bytes(cloudEvent.path(name.replaceFirst("^ce_", ""))), bytes(cloudEvent.path("data"))));
            } catch (EventCodec.UnknownEventTypeException e) {
                return Optional.empty();
            }
        }

        private static byte @Nullable [] bytes(JsonNode node) {
            String text = node.isString() ? node.stringValue() : node.toString();
            return node.isMissingNode() ? null : text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "Heard[" + place + ", " + type + "]";
        }
    }

    /**
     * The events in the order of the log, each user's in theirs. The stream waits for the next one without end, until the server
     * ends it, as it does when it is stopped or the key is taken away; to go on then, follow behind the last place. It must
     * be closed.
     *
     * @throws UserStoreException also in the midst of the stream, when the connection breaks
     */
    public Stream<Heard> follow(Query query) {
        Request request = Request.get("events")
                .with("user", query.user())
                .with("after", query.place())
                .with("type", query.types());
        Stream<String> lines = transport.readText(request, "text/event-stream");
        Listening listening = new Listening(lines.iterator());
        return Streams.of(listening::next).onClose(lines::close);
    }

    /**
     * Lines of server-sent events.
     *
     * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">WHATWG HTML, server-sent events</a>
     */
    private static final class Listening {
        private final Iterator<String> lines;
        private String id = "";

        Listening(Iterator<String> lines) {
            this.lines = lines;
        }

        /** Null at the end; an event that was broken off is none. */
        @Nullable
        Heard next() {
            String type = "";
            StringBuilder data = new StringBuilder();
            while (lines.hasNext()) {
                String line = lines.next();
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        return new Heard(id, type, Transport.tree(data.toString()));
                    }
                    type = "";
                    continue;
                }
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
                switch (field) {
                    case "id" -> id = value;
                    case "event" -> type = value;
                    case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
                    default -> {
                        // A sign of life, or how long to wait before the next connection.
                    }
                }
            }
            return null;
        }
    }
}
