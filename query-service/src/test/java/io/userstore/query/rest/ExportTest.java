package io.userstore.query.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.userstore.api.json.Json;
import io.userstore.embedded.EmbeddedMongoServer;
import io.userstore.embedded.Ports;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Exports of more users than are read at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportTest {
    private static final int USERS = 1_234;

    private QueryServer server;
    private final History history = History.ofSomeApplication();
    private final List<String> ids = new ArrayList<>();

    @BeforeAll
    void start() {
        server = QueryServer.start();
        for (int i = 0; i < USERS; i++) {
            ids.add(history.somebody()
                    .created(
                            History.profile("mail" + i + "@example.com", null, "Ada", null, Map.of("n", i)),
                            i % 100 == 0 ? "cadets" : null,
                            true)
                    .id()
                    .toString());
        }
        server.publish(history.events());
        // The totals may be ahead of the documents.
        await().atMost(Duration.ofSeconds(60)).until(() -> export("").size() == USERS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private List<JsonNode> export(String options, String... headers) {
        QueryServer.Answer answer = server.get(history.application(), "/1/users/export" + options, headers);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/x-ndjson");
        return answer.body().lines().map(Json.MAPPER::readTree).toList();
    }

    private static List<String> ids(List<JsonNode> lines) {
        return lines.stream().map(line -> line.path("id").asString()).toList();
    }

    @Test
    void everyUserIsALineInTheOrderOfCreation() {
        assertThat(ids(export(""))).isEqualTo(ids);
    }

    @Test
    void aLineIsTheUserObjectAndItsCursorAndHoldsNoSecret() {
        JsonNode line = export("").getFirst();
        JsonNode user =
                server.get(history.application(), "/1/users/" + ids.getFirst()).json();
        assertThat(line.path("cursor").isIntegralNumber()).isTrue();
        user.properties().forEach(field -> assertThat(line.get(field.getKey())).isEqualTo(field.getValue()));
        assertThat(line.size()).isEqualTo(user.size() + 1);
        assertThat(line.toString()).doesNotContain("password", "hash");
    }

    @Test
    void anExportIsTakenUpBehindACursor() {
        List<JsonNode> all = export("");
        long cursor = all.get(599).path("cursor").asLong();
        assertThat(ids(export("?after=" + cursor))).isEqualTo(ids.subList(600, USERS));
        assertThat(export("?after=" + all.getLast().path("cursor").asLong())).isEmpty();
    }

    @Test
    void filtersAreThoseOfTheList() {
        assertThat(export("?group=cadets")).hasSize(13);
        assertThat(export("?q=mail12&active=true")).hasSize(45);
        assertThat(export("?active=false")).isEmpty();
    }

    @Test
    void whatIsNoOptionIsAFaultAndAnotherApplicationSeesNothing() {
        assertThat(server.get(history.application(), "/1/users/export?sort=email")
                        .status())
                .isEqualTo(400);
        assertThat(server.getWithoutPermission(history.application(), "/1/users/export")
                        .status())
                .isEqualTo(403);
        assertThat(server.get(history.application() + "x", "/1/users/export").body())
                .isEmpty();
        assertThat(server.get(history.application(), "/1/users/export", "Consistency-Token", "x")
                        .status())
                .isEqualTo(400);
    }

    /** Far more than the buffers between both sides hold, so that the server is still sending when MongoDB goes. */
    @Test
    void anExportThatCannotGoOnClosesTheConnection(@TempDir Path data) throws Exception {
        String much = "x".repeat(1_000);
        Map<String, Object> extra = IntStream.range(0, 40).boxed().collect(Collectors.toMap(i -> "k" + i, i -> much));
        History big = History.ofSomeApplication();
        for (int i = 0; i < 700; i++) {
            big.somebody().created(History.profile("mail" + i + "@example.com", null, null, null, extra), null, true);
        }
        EmbeddedMongoServer mongo = EmbeddedMongoServer.start(data, "127.0.0.1", Ports.free());
        try (QueryServer own = QueryServer.startWith(mongo.uri(), "broken_off", "userstore.mongodb.patience=200ms");
                HttpClient http = HttpClient.newHttpClient()) {
            own.publish(big.events());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> own.get(big.application(), "/1/users?limit=1").status() == 200
                            && own.get(big.application(), "/1/users/export?after=1")
                                            .body()
                                            .lines()
                                            .count()
                                    == 700);
            HttpResponse<InputStream> response = http.send(
                    HttpRequest.newBuilder(URI.create(own.address() + "/1/users/export"))
                            .header("x-api-key", "key-of-" + big.application())
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                assertThat(body.readNBytes(1_000)).hasSize(1_000);
                mongo.close();
                assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
            }
        } finally {
            mongo.close();
        }
    }
}
