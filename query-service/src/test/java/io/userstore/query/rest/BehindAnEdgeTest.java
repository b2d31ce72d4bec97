package io.userstore.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the settings of {@code docker-compose.yml} and the headers that {@code deploy/nginx.conf} sends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BehindAnEdgeTest {
    private final History history = History.ofSomeApplication();
    private QueryServer server;
    private String token;

    @BeforeAll
    void start() {
        server = QueryServer.start("server.forward-headers-strategy=native");
        history.aUserCalled("ann");
        token = history.aUserCalled("bob").token();
        server.publish(history.events());
        server.awaitApplied();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "http, localhost:8080, 8080, http://localhost:8080",
        "http, users.example.com, '', http://users.example.com",
        "https, users.example.com, '', https://users.example.com",
        "https, users.example.com:8443, 8443, https://users.example.com:8443",
    })
    void linksLeadToTheEdge(String scheme, String host, String port, String expected) {
        List<String> headers = new ArrayList<>(List.of("Consistency-Token", token, "X-Forwarded-For", "192.0.2.7"));
        headers.addAll(List.of("X-Forwarded-Proto", scheme, "X-Forwarded-Host", host));
        if (!port.isEmpty()) {
            headers.addAll(List.of("X-Forwarded-Port", port));
        }
        QueryServer.Answer answer =
                server.get(history.application(), "/1/users?limit=1", headers.toArray(String[]::new));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().at("/paging/next").asString()).startsWith(expected + "/1/users?limit=1&after=");
    }
}
