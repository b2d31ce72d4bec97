package io.userstore.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadsTest {
    private QueryServer server;

    @BeforeAll
    void start() {
        server = QueryServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aUserIsAnsweredByIdByAddressAndByNameInAnyCase() {
        History history = History.ofSomeApplication();
        History.Person john = history.somebody()
                .created(
                        History.profile(
                                "John@Example.com", "JohnSmith", "John", "Smith", Map.of("age", 24, "color", "Blue")),
                        "cadets",
                        true)
                .signedIn("192.0.2.1");
        server.publish(history.events());

        String app = history.application();
        QueryServer.Answer byId = server.get(app, "/1/users/" + john.id(), "Consistency-Token", john.signInToken());

        assertThat(byId.status()).as(byId.body()).isEqualTo(200);
        assertThat(byId.header("ETag")).contains("\"1\"");
        JsonNode user = byId.json();
        assertThat(user.get("id").asString()).isEqualTo(john.id().toString());
        assertThat(user.get("email").asString()).isEqualTo("John@Example.com");
        assertThat(user.get("extra").get("age").asInt()).isEqualTo(24);
        assertThat(user.get("group").asString()).isEqualTo("cadets");
        assertThat(user.get("is_active").asBoolean()).isTrue();
        assertThat(user.get("last_signin").asString()).isEqualTo("2026-03-01T08:00:00.137Z");
        assertThat(server.get(app, "/1/users/JOHN%40example.COM?query_by=email").body())
                .isEqualTo(byId.body());
        assertThat(server.get(app, "/1/users/johnSMITH?query_by=username").body())
                .isEqualTo(byId.body());
    }

    @Test
    void listActivityAndStatisticsSeeWhatTheTokenNames() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        History.Person bob = history.aUserCalled("bob").signedIn("192.0.2.1").signedIn("192.0.2.2");
        server.publish(history.events());
        String app = history.application();

        assertThat(server.get(app, "/1/users", "Consistency-Token", ann.token()).status())
                .isEqualTo(200);
        JsonNode list = server.get(app, "/1/users?limit=1", "Consistency-Token", bob.signInToken())
                .json();
        assertThat(list.get("paging").get("total_count").asInt()).isEqualTo(2);
        assertThat(list.get("data").get(0).get("username").asString()).isEqualTo("ann");
        JsonNode next =
                server.get(app, list.get("paging").get("next").asString()).json();
        assertThat(next.get("data").get(0).get("username").asString()).isEqualTo("bob");
        assertThat(next.get("paging").has("next")).isFalse();

        JsonNode activity = server.get(
                        app, "/1/users/" + bob.id() + "/activity", "Consistency-Token", bob.signInToken())
                .json();
        assertThat(activity.get("data").get(0).get("address").asString()).isEqualTo("192.0.2.2");
        assertThat(activity.get("data")).hasSize(3);

        JsonNode stats = server.get(
                        app,
                        "/1/stats?from=2026-03-01&to=2026-03-02&interval=day",
                        "Consistency-Token",
                        bob.signInToken())
                .json();
        assertThat(stats.get("totals").get("users").asInt()).isEqualTo(2);
        assertThat(stats.get("series").get(0).get("logins").asInt()).isEqualTo(2);
        assertThat(stats.get("series").get(0).get("unique_logins").asInt()).isEqualTo(1);
    }
}
