package io.userstore.query.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventType;
import io.userstore.query.stream.Cursor;
import io.userstore.query.stream.EventFilter;
import io.userstore.query.stream.EventStream;
import io.userstore.query.stream.EventStreams;
import io.userstore.query.stream.EventStreams.Opened;
import io.userstore.query.stream.StreamedEvent;
import io.userstore.web.ApiKeys;
import io.userstore.web.Caller;
import io.userstore.web.Credentials;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /1/events}: the published events of the key's application as server-sent events. Each stream has a thread of
 * its own, of the platform's since a Kafka consumer holds on to it while it waits; the server's threads are not held.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">WHATWG HTML, server-sent events</a>
 */
@RestController
final class EventsController {
    private static final Logger LOG = LoggerFactory.getLogger(EventsController.class);
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final int RECONNECT_MILLIS = 1_000;

    private final EventStreams streams;
    private final ApiKeys keys;

    EventsController(EventStreams streams, ApiKeys keys) {
        this.streams = streams;
        this.keys = keys;
    }

    @GetMapping("/1/events")
    void events(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.EVENTS_READ);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults, "type");
        Set<String> types = types(options, faults);
        String user = options.text("user");
        String last = request.getHeader("Last-Event-ID");
        String after = options.text("after");
        String place = last == null || last.isBlank() ? after : last.strip();
        options.rejectOthers();
        Cursor cursor = cursor(place, faults);
        faults.throwIfAny();
        if (request.getMethod().equals("HEAD")) {
            prepare(response);
            return;
        }
        EventFilter filter = new EventFilter(caller.application(), types, user);
        Opened opened = cursor != null
                ? streams.behind(cursor, filter)
                : Cursor.BEGINNING.equals(place) ? streams.fromTheBeginning(filter) : streams.fromNow(filter);
        start(opened, stillAllowed(request, caller), request, response);
    }

    private static Set<String> types(QueryParameters options, Faults faults) {
        Set<String> types = Set.copyOf(options.texts("type"));
        if (!types.stream().allMatch(type -> EventType.named(type) != null)) {
            faults.add("type", Kind.INVALID, "must be the name of an event, such as io.userstore.user.created.v1");
        }
        return types;
    }

    private static @Nullable Cursor cursor(@Nullable String place, Faults faults) {
        if (place == null || place.equals(Cursor.BEGINNING)) {
            return null;
        }
        Cursor cursor = Cursor.parse(place).orElse(null);
        if (cursor == null) {
            faults.add("after", Kind.INVALID, "must be the id of an event of this stream, or " + Cursor.BEGINNING);
        }
        return cursor;
    }

    private void start(Opened opened, BooleanSupplier allowed, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (opened) {
            case Opened.Stream(EventStream stream) -> {
                prepare(response);
                boolean started = false;
                try {
                    OutputStream out = response.getOutputStream();
                    AsyncContext answer = request.startAsync();
                    answer.setTimeout(0);
                    CountDownLatch left = new CountDownLatch(1);
                    answer.addListener(new Leaving(left));
                    Thread.ofPlatform().name("event-stream").daemon().start(() -> {
                        try {
                            run(stream, allowed, answer, out);
                        } finally {
                            left.countDown();
                        }
                    });
                    started = true;
                } finally {
                    if (!started) {
                        stream.close();
                    }
                }
            }
            case Opened.TooMany() ->
                throw ApiException.retryLater(
                        ErrorCode.OVERLOADED, "as many streams are open as are allowed", RETRY_AFTER_SECONDS);
            case Opened.Away() ->
                throw ApiException.retryLater(ErrorCode.UNAVAILABLE, "Kafka is away", RETRY_AFTER_SECONDS);
            case Opened.NoSuchPlace() -> {
                Faults faults = new Faults();
                faults.add("after", Kind.INVALID, "is no place in this log; begin anew");
                faults.throwIfAny();
            }
        }
    }

    private static void prepare(HttpServletResponse response) {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // An edge that gathered events before it passes them on would make them late.
        response.setHeader("X-Accel-Buffering", "no");
    }

    /**
     * Ends the answer only where it ends in order. When writing fails, the server has begun to end it, and may already use
     * its objects for another request: whoever touched them now would end that one.
     */
    private static void run(EventStream stream, BooleanSupplier allowed, AsyncContext answer, OutputStream out) {
        boolean inOrder = true;
        try (stream) {
            stream.run(new Writing(out), allowed);
        } catch (IOException e) {
            LOG.debug("a listener went away", e);
            inOrder = false;
        } catch (RuntimeException e) {
            LOG.warn("a stream of events was broken off: {}", e.getClass().getName());
        }
        if (inOrder) {
            answer.complete();
        }
    }

    /**
     * Keeps the server from giving the objects of an answer to another request while the thread that writes it is still on
     * its way out of a write that failed: it notes the failure in them, and would note it on the other request.
     */
    private record Leaving(CountDownLatch left) implements AsyncListener {
        private static final long PATIENCE_SECONDS = 30;

        @Override
        public void onError(AsyncEvent event) {
            try {
                if (!left.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("a stream of events has not ended {} s after its listener went away", PATIENCE_SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {
            // In order, or after onError.
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // There is none.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Never started again.
        }
    }

    /** A key that is taken away, or changed, ends the streams that were opened with it. */
    private BooleanSupplier stillAllowed(HttpServletRequest request, Caller caller) {
        String key = Credentials.key(request).orElse("");
        return () -> keys.find(key)
                .filter(grant -> grant.application().equals(caller.application()))
                .filter(grant -> grant.permissions().contains(Permission.EVENTS_READ))
                .isPresent();
    }

    /** Server-sent events onto an answer. */
    private record Writing(OutputStream out) implements EventStream.Listener {
        @Override
        public void event(StreamedEvent event, Cursor behind) throws IOException {
            String data = event.json().lines().collect(Collectors.joining("\ndata: "));
            write("id: " + behind.text() + "\nevent: " + event.type() + "\ndata: " + data + "\n\n");
        }

        /** Without data nothing is told to the program that listens, but a later reconnection begins here. */
        @Override
        public void nothing(Cursor cursor) throws IOException {
            write(": still here\nretry: " + RECONNECT_MILLIS + "\nid: " + cursor.text() + "\n\n");
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
