package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.each;
import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static io.userstore.standalone.contract.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.standalone.Client.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The chapter "Administration" of the REST contract, line by line. What the page does in a browser is tried in one. */
@ExtendWith(OneStore.class)
class AdministrationTest {
    private final Api api;

    AdministrationTest(Api api) {
        this.api = api;
    }

    @Test
    @DisplayName("/admin: a web page for people, behind its own log-in")
    void adminIsAWebPageThatHoldsNothingBeforeSomebodyLogsIn() {
        api.aUser("'username':'secretive'");
        Answer page = expect(200, api.withoutKey().get("/admin"));
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page.body())
                .contains("<title>userstore administration</title>")
                .doesNotContain("secretive");
        Answer program = expect(200, api.withoutKey().get("/admin/admin.js"));
        assertThat(program.header("Content-Type")).contains("javascript");
    }

    @Test
    @DisplayName(
            "/admin: list, search, edit, deactivate, delete, pending users, activity time line, statistics charts, "
                    + "applications and their keys, projection lag and rebuild progress")
    void adminFindsAllThatItShowsInTheApi() {
        api.assumeMails();
        String path = "/1/users/"
                + api.aUser("'username':'tiny','email':'t@example.com','confirmation':{}")
                        .text("id");
        assertThat(each("username", api.get("/1/users?q=ti"))).containsExactly("tiny");
        assertThat(each("username", api.get("/1/users?pending=true"))).containsExactly("tiny");
        expect(200, api.patch(path, "{'first_name':'T','is_active':false}"));
        expect(200, api.get(path + "/activity"));
        expect(200, api.get("/1/stats"));
        assertThat(each("name", api.get("/1/applications"))).containsExactly(api.application());
        expect(200, api.get(api.keys()));
        expect(200, api.delete(path));
        for (JsonNode projection : Api.data(api.root().get("/1/projections"))) {
            assertThat(projection.get("lag_events").asLong()).isNotNegative();
            assertThat(projection.get("state").asString()).isEqualTo("caught_up");
        }
        assertThat(each("name", api.root().get("/1/projections")))
                .containsExactlyInAnyOrder("users", "statistics", "activity");
    }

    @Test
    @DisplayName("GET·POST /1/applications")
    void applicationsAreMadeAndListed() {
        String name = api.application() + "x";
        Answer made = expect(201, api.root().post("/1/applications", "{'name':'" + name + "'}"));
        assertThat(made.header("Location")).endsWith("/1/applications/" + name);
        assertThat(made.text("name")).isEqualTo(name);
        assertThat(made.text("inactive_signin")).isEqualTo("allow");
        assertThat(api.root().get("/1/applications/" + name).json()).isEqualTo(made.json());
        assertThat(each("name", api.root().get("/1/applications?limit=1000"))).contains("default", name);
        refused(api.root().post("/1/applications", "{'name':'" + name + "'}"), 409, "application_exists", 810);
        faulty(api.root().post("/1/applications", "{'name':'A shop'}"), "name:invalid");
    }

    @Test
    @DisplayName("key rotation")
    void aKeyIsRotatedAndTheOldOneGoesOnForAWhile() {
        Answer first = expect(201, api.post(api.keys(), "{'name':'web','permissions':['users:read']}"));
        String path = api.keys() + "/" + first.text("id");
        Answer second = expect(201, api.post(path + "/rotate", "{'overlap_seconds':3600}"));
        assertThat(second.text("key")).startsWith("sk_").isNotEqualTo(first.text("key"));
        assertThat(second.json().get("permissions")).isEqualTo(first.json().get("permissions"));
        assertThat(second.json().at("/replaces/id").asString()).isEqualTo(first.text("id"));
        awaitStatus(200, second);
        expect(200, api.with(first.text("key")).get("/1/users"));
        expect(204, api.delete(path));
        awaitStatus(401, first);
        Answer third = expect(201, api.post(api.keys() + "/" + second.text("id") + "/rotate", "{'overlap_seconds':0}"));
        awaitStatus(401, second);
        awaitStatus(200, third);
        assertThat(api.get(api.keys()).body()).contains(third.text("id")).doesNotContain(third.text("key"));
    }

    private void awaitStatus(int status, Answer key) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api.with(key.text("key")).get("/1/users").status() == status);
    }

    @Test
    @DisplayName("admin permission")
    void applicationsAndKeysNeedThePermissionAdmin() {
        Api without = api.withAKeyFor("users:read", "users:write", "auth", "stats:read", "events:read");
        String permissions = "{'permissions':['users:read']}";
        String id = api.post(api.keys(), permissions).text("id");
        for (Answer answer : List.of(
                without.get("/1/applications"),
                without.post("/1/applications", "{'name':'shop'}"),
                without.patch("/1/applications/" + api.application(), "{'inactive_signin':'deny'}"),
                without.get(api.keys()),
                without.post(api.keys(), permissions),
                without.post(api.keys() + "/" + id + "/rotate", ""),
                without.delete(api.keys() + "/" + id))) {
            refused(answer, 403, "forbidden", 810);
        }
        refused(api.post("/1/applications", "{'name':'shop'}"), 403, "forbidden", 810);
    }
}
