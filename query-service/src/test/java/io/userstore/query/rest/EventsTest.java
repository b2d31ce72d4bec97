package io.userstore.query.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.json.Json;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Events as server-sent events, as a browser or any client of that kind hears them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest {
    private static final int MOST = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private QueryServer server;

    @BeforeAll
    void start() {
        server = QueryServer.start("userstore.streams.max-streams=" + MOST, "userstore.streams.heartbeat=200ms");
    }

    @AfterAll
    void stop() {
        server.close();
        http.close();
    }

    /** What has been heard of one stream, by a thread of its own. */
    private final class Listening implements AutoCloseable {
        private final HttpResponse<java.io.InputStream> response;
        private final Collection<JsonNode> events = new ConcurrentLinkedQueue<>();
        private volatile String lastId = "";
        private volatile int comments;
        private volatile boolean ended;

        Listening(QueryServer of, String application, String options, String... headers) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(of.address() + "/1/events" + options))
                    .header("x-api-key", "key-of-" + application);
            if (headers.length > 0) {
                request.headers(headers);
            }
            try {
                response = http.send(request.build(), BodyHandlers.ofInputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            Thread.ofPlatform().daemon().start(this::read);
        }

        private void read() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                String line;
                String id = "";
                List<JsonNode> data = new ArrayList<>();
                while ((line = lines.readLine()) != null) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        data.add(Json.MAPPER.readTree(line.substring(6)));
                    } else if (line.startsWith(":")) {
                        comments++;
                    } else if (line.isEmpty()) {
                        // Whoever sees the event sees its id.
                        lastId = id;
                        events.addAll(data);
                        data.clear();
                    }
                }
            } catch (IOException closed) {
                // By this test, or by the server: both are an end.
            }
            ended = true;
        }

        int status() {
            return response.statusCode();
        }

        List<String> ids() {
            return events.stream().map(event -> event.get("id").asString()).toList();
        }

        Listening awaitEvents(int count) {
            await().atMost(PATIENCE).until(() -> events.size() >= count);
            return this;
        }

        Listening awaitBeginning() {
            await().atMost(PATIENCE).until(() -> !lastId.isEmpty());
            return this;
        }

        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Listening listen(String application, String options, String... headers) {
        // A stream that was closed by the listener is free again only once the service has noticed.
        List<Listening> open = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            Listening listening = new Listening(server, application, options, headers);
            if (listening.status() == 503) {
                listening.close();
                return false;
            }
            open.add(listening);
            return true;
        });
        return open.getFirst();
    }

    private static List<String> ids(List<PublishedEvent> events) {
        return events.stream().map(PublishedEvent::id).toList();
    }

    @Test
    void aListenerThatComesBackWithItsLastIdHasEachEventOnce() {
        History history = History.ofSomeApplication();
        List<String> heard = new ArrayList<>();
        String last = "";
        try (Listening first = listen(history.application(), "").awaitBeginning()) {
            for (int i = 0; i < 30; i++) {
                history.aUserCalled("before" + i);
            }
            server.publish(history.events());
            first.awaitEvents(30);
            heard.addAll(first.ids());
            last = first.lastId;
        }
        History.Person later = history.aUserCalled("meanwhile");
        server.publish(history.events().subList(30, 31));
        try (Listening again = listen(history.application(), "", "Last-Event-ID", last)) {
            later.signedIn(null).deactivated();
            server.publish(history.events().subList(31, 33));
            again.awaitEvents(3);
            heard.addAll(again.ids());
        }
        assertThat(heard).containsExactlyInAnyOrderElementsOf(ids(history.events()));
        assertThat(heard.subList(30, 33)).isEqualTo(ids(history.events().subList(30, 33)));
    }

    @Test
    void anEventIsACloudEventWithTheValueOfItsRecord() {
        History history = History.ofSomeApplication();
        history.aUserCalled("somebody");
        server.publish(history.events());
        PublishedEvent event = history.events().getFirst();
        try (Listening all = listen(history.application(), "?after=beginning").awaitEvents(1)) {
            assertThat(all.response.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/event-stream");
            JsonNode heard = all.events.iterator().next();
            assertThat(heard.get("specversion").asString()).isEqualTo("1.0");
            assertThat(heard.get("type").asString()).isEqualTo("io.userstore.user.created.v1");
            assertThat(heard.get("subject").asString()).isEqualTo(event.userId());
            assertThat(heard.get("data")).isEqualTo(Json.MAPPER.readTree(EventCodec.value(event)));
        }
    }

    @Test
    void aListenerHearsOnlyWhatItAsksForAndNothingOfOtherApplications() {
        History history = History.ofSomeApplication();
        History strangers = History.ofSomeApplication();
        strangers.aUserCalled("stranger");
        History.Person first = history.aUserCalled("first");
        history.aUserCalled("second");
        first.signedIn(null).deactivated();
        server.publish(strangers.events());
        server.publish(history.events());
        List<PublishedEvent> all = history.events();
        String types = "&type=io.userstore.user.created.v1&type=io.userstore.user.deactivated.v1";
        try (Listening some = listen(history.application(), "?after=beginning&user=" + first.id() + types)
                .awaitEvents(2)) {
            assertThat(some.ids()).containsExactly(all.get(0).id(), all.get(3).id());
        }
        try (Listening everything =
                listen(history.application(), "?after=beginning").awaitEvents(4)) {
            assertThat(everything.ids()).containsExactlyInAnyOrderElementsOf(ids(all));
        }
    }

    @Test
    void silenceIsBrokenByComments() {
        try (Listening silent = listen("silent", "").awaitBeginning()) {
            await().atMost(PATIENCE).until(() -> silent.comments > 3);
            assertThat(silent.events).isEmpty();
        }
    }

    @Test
    void whatIsNoPlaceOrNoTypeOrNotAllowedIsRefused() {
        Map<String, Integer> refused = Map.of(
                "?after=none", 400, "?after=1.2", 400, "?after=9999999.0.0.0", 400, "?type=none", 400, "?limit=1", 400);
        // As long as the service has not noticed that the streams of other tests are closed, it may have none to give.
        refused.forEach((options, status) -> await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                server.get("any", "/1/events" + options).status())
                        .as(options)
                        .isEqualTo(status)));
        assertThat(server.getWithoutPermission("any", "/1/events").status()).isEqualTo(403);
        assertThat(server.head("any", "/1/events").status()).isEqualTo(200);
    }

    @Test
    void streamsBeyondThoseAllowedAreRefusedAndAllEndWithTheService() {
        QueryServer small = QueryServer.start("userstore.streams.max-streams=1", "userstore.streams.heartbeat=200ms");
        try (small;
                Listening only = new Listening(small, "any", "").awaitBeginning()) {
            QueryServer.Answer second = small.get("any", "/1/events");
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After")).isPresent();
            long begin = System.nanoTime();
            small.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
            await().atMost(PATIENCE).until(() -> only.ended);
        }
    }
}
