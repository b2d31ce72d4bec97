package io.userstore.query.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminTest {
    private QueryServer server;

    @BeforeAll
    void start() {
        server = QueryServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** Every file beside the page in the sources: one that the page does not serve would be forgotten. */
    static Stream<String> files() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(AdminPage.class.getResource("admin/admin.html"))
                        .toURI())
                .resolveSibling("");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @Test
    void thePageNeedsNoKeyAndIsKeptNowhere() {
        QueryServer.Answer page = server.getWithoutKey("/admin");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.header("Cache-Control")).contains("no-store");
        assertThat(page.body()).contains("<script type=\"module\" src=\"/admin/admin.js\">");
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileIsServedUnderAPolicyThatAdmitsNothingFromElsewhere(String name) {
        QueryServer.Answer file = server.getWithoutKey("/admin/" + name);
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains(
                                "default-src 'none'",
                                "script-src 'self';",
                                "frame-ancestors 'none'",
                                "form-action 'none'")
                        .doesNotContain("unsafe", "http", "*"));
        assertThat(file.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(file.header("Referrer-Policy")).contains("no-referrer");
        assertThat(file.header("Cache-Control")).contains("no-cache");
        String etag = file.header("ETag").orElseThrow();
        assertThat(server.get("any", "/admin/" + name, "If-None-Match", etag).status())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @MethodSource("files")
    void noFileNamesAnotherHostOrMakesMarkupOfData(String name) {
        // The name of the SVG namespace is no address that anybody asks.
        String text = server.getWithoutKey("/admin/" + name).body().replace("http://www.w3.org/2000/svg", "");
        assertThat(text)
                .doesNotContain(
                        "http://", "https://", "url(", "@import", "innerHTML", "outerHTML", "insertAdjacentHTML")
                .doesNotContain("eval(", "document.write", "localStorage", "document.cookie", " style=", " onclick=");
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatAFileRefersToIsThere(String name) throws IOException, URISyntaxException {
        String text = server.getWithoutKey("/admin/" + name).body();
        TreeSet<String> referred = Pattern.compile("['\"]/admin/([a-z.]+)['\"]")
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(files()).containsAll(referred);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/admin/nothing.js", "/admin/AdminPage.class", "/admin/%2e%2e%2fAdminPage.class", "/admin/"})
    void nothingElseIsServed(String path) {
        QueryServer.Answer answer = server.getWithoutKey(path);
        assertThat(answer.status()).as(answer.body()).isIn(400, 404);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
    }

    @Test
    void theProjectionsTellHowFarTheyAre() {
        History history = History.ofSomeApplication();
        history.aUserCalled("ann");
        server.publish(history.events());

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            QueryServer.Answer answer = server.get("default", "/1/projections");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().get("data").findValuesAsString("name"))
                    .containsExactly("activity", "statistics", "users");
            for (JsonNode projection : answer.json().get("data")) {
                assertThat(projection.get("version").asInt()).isPositive();
                assertThat(projection.get("applied").asLong()).isPositive();
                assertThat(projection.get("lag_events").asLong()).isZero();
                assertThat(projection.get("lag_seconds").asDouble()).isZero();
                assertThat(projection.get("state").asString()).isEqualTo("caught_up");
            }
        });
    }

    @Test
    void onlyAdministratorsOfTheApplicationDefaultSeeTheProjections() {
        assertThat(server.get("other", "/1/projections").status()).isEqualTo(403);
        assertThat(server.getWithoutPermission("default", "/1/projections").status())
                .isEqualTo(403);
        assertThat(server.getWithoutKey("/1/projections").status()).isEqualTo(401);
        assertThat(server.get("default", "/1/projections?x=1").status()).isEqualTo(400);
    }

    @Test
    void aKeyIsToldWhatItMayDo() {
        QueryServer.Answer answer = server.get("shop", "/1/key");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.body())
                .isEqualTo("{\"id\":\"key_test\",\"application\":\"shop\",\"permissions\":"
                        + "[\"admin\",\"auth\",\"events:read\",\"stats:read\",\"users:read\",\"users:write\"]}");
        assertThat(server.getWithoutPermission("shop", "/1/key").json().get("permissions"))
                .isEmpty();
        assertThat(server.getWithoutKey("/1/key").status()).isEqualTo(401);
    }

    @Test
    void pendingAreThoseWhoWereAskedAndHaveNotConfirmed() {
        History history = History.ofSomeApplication();
        history.aUserCalled("ordinary");
        history.somebody().createdAndAskedToConfirm(History.profile("waiting@example.com", null, null, null, Map.of()));
        history.somebody()
                .createdAndAskedToConfirm(History.profile("unsent@example.com", null, null, null, Map.of()))
                .confirmationMailFailed();
        history.somebody()
                .createdAndAskedToConfirm(History.profile("done@example.com", null, null, null, Map.of()))
                .confirmed();
        server.publish(history.events());
        String app = history.application();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> server.get(app, "/1/users").json().get("data").size() == 4);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(server.get(app, "/1/users?pending=true")
                                .json()
                                .get("data")
                                .findValuesAsString("email"))
                        .containsExactly("waiting@example.com", "unsent@example.com"));
        JsonNode others = server.get(app, "/1/users?pending=false&sort=email").json();
        assertThat(others.get("paging").get("total_count").asInt()).isEqualTo(2);
        assertThat(others.get("data").get(0).get("email").asString()).isEqualTo("done@example.com");
        assertThat(server.get(app, "/1/users?pending=perhaps").status()).isEqualTo(400);
    }
}
