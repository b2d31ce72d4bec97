package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.key.KeyDigest;
import io.userstore.api.key.KeyTable;
import io.userstore.command.RunningCommandService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class ApplicationsTest extends RunningCommandService {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private KeyTable keys;

    @Test
    void anApplicationIsMadeReadChangedAndListed() {
        String name = anApplication();
        assertThat(json("POST", "/1/applications", "{\"name\":\"" + name + "\"}")
                        .text("error"))
                .isEqualTo("application_exists");

        Answer got = get("/1/applications/" + name, KEY);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.text("inactive_signin")).isEqualTo("allow");

        Answer changed = json("PATCH", "/1/applications/" + name, "{\"inactive_signin\":\"deny\"}");
        assertThat(changed.text("inactive_signin")).isEqualTo("deny");
        assertThat(json("PATCH", "/1/applications/" + name, changed.response().body())
                        .status())
                .as("an application may be sent back as it came")
                .isEqualTo(200);

        assertThat(names(get("/1/applications?limit=1000", KEY))).contains("default", name);
        JsonNode page = get("/1/applications?limit=1", KEY).json();
        assertThat(page.get("data").size()).isEqualTo(1);
        assertThat(page.get("paging").get("next").asString()).contains("limit=1&after=");
        assertThat(page.get("paging").get("total_count").asLong()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void theDefaultApplicationIsThereFromTheBeginningAndTakesKeys() {
        assertThat(get("/1/applications/default", KEY).text("name")).isEqualTo("default");
        String key = aKey("default", KEY, "users:read", "admin").text("key");
        assertThat(get("/1/applications/default/keys", key).status()).isEqualTo(200);
        String other = anApplication();
        assertThat(get("/1/applications/" + other, key).status())
                .as("an administrator of default administrates all")
                .isEqualTo(200);
        assertThat(issue(other, key, "[\"users:write\"]").status())
                .as("and cannot give what it lacks")
                .isEqualTo(403);
    }

    @Test
    void aKeyIsShownOnceAndStoredAsItsDigestOnly() {
        String name = anApplication();
        Answer made = aKey(name, KEY, "users:read", "auth");
        String key = made.text("key");
        assertThat(key).matches("sk_[0-9a-f]{48}");
        assertThat(made.header("Location")).isEqualTo("/1/applications/" + name + "/keys/" + made.text("id"));
        assertThat(made.header("Cache-Control")).isEqualTo("no-store");

        Answer listed = get("/1/applications/" + name + "/keys", KEY);
        assertThat(listed.response().body()).contains(made.text("id")).doesNotContain(key);
        assertThat(jdbc.sql("SELECT payload FROM domain_event WHERE aggregate_id = ?")
                        .param("application/" + name)
                        .query(String.class)
                        .list())
                .hasSize(2)
                .noneMatch(payload -> payload.contains(key))
                .anyMatch(payload -> payload.contains(KeyDigest.of(key)));
    }

    @Test
    void aKeyMayDoWhatItWasGivenAndSeesItsOwnApplicationOnly() {
        String shop = anApplication();
        String reader = aKey(shop, KEY, "users:read").text("key");
        assertThat(json("POST", "/1/users", "{}", "Authorization", basic(reader))
                        .status())
                .isEqualTo(403);
        assertThat(get("/1/applications/" + shop, reader).status()).isEqualTo(403);

        String admin = aKey(shop, KEY, "admin", "users:write").text("key");
        assertThat(names(get("/1/applications", admin))).containsExactly(shop);
        String other = anApplication();
        String unknown = "no-such-application";
        for (String path : List.of("", "/keys")) {
            assertSameRefusal(
                    get("/1/applications/" + other + path, admin), get("/1/applications/" + unknown + path, admin));
        }
        assertSameRefusal(issue(other, admin, "[\"admin\"]"), issue(unknown, admin, "[\"admin\"]"));
        assertThat(json("POST", "/1/applications", "{\"name\":\"" + other + "\"}", "Authorization", basic(admin))
                        .status())
                .isEqualTo(403);
        assertThat(issue(shop, admin, "[\"users:read\"]").status()).isEqualTo(403);
        assertThat(issue(shop, admin, "[\"users:write\"]").status()).isEqualTo(201);

        String foreignKey = aKey(other, KEY, "users:read").text("id");
        assertSameRefusal(
                delete("/1/applications/" + shop + "/keys/" + foreignKey, "Authorization", basic(admin)),
                delete("/1/applications/" + shop + "/keys/key_none", "Authorization", basic(admin)));
    }

    @Test
    void aRevokedKeyIsRefusedAtOnce() {
        String shop = anApplication();
        Answer made = aKey(shop, KEY, "users:write");
        String key = made.text("key");
        assertThat(aUserWith(key).status()).isEqualTo(201);
        assertThat(delete("/1/applications/" + shop + "/keys/" + made.text("id"))
                        .status())
                .isEqualTo(204);
        assertThat(aUserWith(key).status()).isEqualTo(401);
        assertThat(delete("/1/applications/" + shop + "/keys/" + made.text("id"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aChangeOfAnotherInstanceIsKnownWithinASecond() {
        String shop = anApplication();
        // On a busy machine it may take longer; of some times one is enough.
        await().atMost(PATIENCE).until(() -> {
            Answer made = aKey(shop, KEY, "users:write");
            String digest = KeyDigest.of(made.text("key"));
            assertThat(keys.find(digest, Instant.now())).isPresent();
            jdbc.sql("DELETE FROM api_key WHERE id = ?").param(made.text("id")).update();
            jdbc.sql("UPDATE api_key_change SET counter = counter + 1").update();
            Instant changed = Instant.now();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> keys.find(digest, Instant.now()).isEmpty());
            Instant known = Instant.now();
            assertThat(aUserWith(made.text("key")).status()).isEqualTo(401);
            return known.isBefore(changed.plusSeconds(1));
        });
    }

    @Test
    void aRotatedKeyIsValidUntilItsOverlapEnds() {
        String shop = anApplication();
        Answer old = aKey(shop, KEY, "users:write");
        Answer made = rotated(old, shop, 600);
        assertThat(made.json().get("permissions")).isEqualTo(old.json().get("permissions"));
        assertThat(made.json().get("replaces").get("id").asString()).isEqualTo(old.text("id"));
        assertThat(aUserWith(old.text("key")).status()).isEqualTo(201);
        assertThat(aUserWith(made.text("key")).status()).isEqualTo(201);

        Answer last = rotated(made, shop, 1);
        await().atMost(PATIENCE).until(() -> aUserWith(made.text("key")).status() == 401);
        assertThat(aUserWith(last.text("key")).status()).isEqualTo(201);
        assertThat(get("/1/applications/" + shop + "/keys", KEY).response().body())
                .doesNotContain(made.text("id") + "\"")
                .contains(last.text("id") + "\"");
    }

    private Answer rotated(Answer key, String application, int overlapSeconds) {
        Answer made = json(
                "POST",
                "/1/applications/" + application + "/keys/" + key.text("id") + "/rotate",
                "{\"overlap_seconds\":" + overlapSeconds + "}");
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return made;
    }

    @Test
    void aKeyRotatedWithoutOverlapIsRefusedAtOnce() {
        String shop = anApplication();
        Answer old = aKey(shop, KEY, "users:write");
        String path = "/1/applications/" + shop + "/keys/" + old.text("id") + "/rotate";
        assertThat(json("POST", path, "{\"overlap_seconds\":2592001}").status()).isEqualTo(400);
        assertThat(form(path, "overlap_seconds=0").status()).isEqualTo(201);
        assertThat(aUserWith(old.text("key")).status()).isEqualTo(401);
        assertThat(keys.find(KeyDigest.of(old.text("key")), Instant.EPOCH)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"permissions\":[]}",
                "{\"permissions\":[\"everything\"]}",
                "{\"permissions\":\"users:read\"}",
                "{\"permissions\":[1]}",
                "{\"permissions\":[\"users:read\"],\"more\":1}"
            })
    void aKeyNeedsPermissionsThatThereAre(String body) {
        Answer refused = json("POST", "/1/applications/default/keys", body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("error")).isEqualTo("validation_error");
    }

    @Test
    void anInactiveUserIsDeniedWhereTheApplicationWantsIt() {
        String shop = anApplication();
        String key = aKey(shop, KEY, "users:write", "auth").text("key");
        String name = aName();
        String user = "{\"username\":\"" + name + "\",\"password\":\"abcd1234\",\"is_active\":false}";
        assertThat(json("POST", "/1/users", user, "Authorization", basic(key)).status())
                .isEqualTo(201);
        String signIn = "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}";
        assertThat(json("POST", "/1/auth/signin", signIn, "Authorization", basic(key))
                        .status())
                .isEqualTo(200);
        json("PATCH", "/1/applications/" + shop, "{\"inactive_signin\":\"deny\"}");
        Answer denied = json("POST", "/1/auth/signin", signIn, "Authorization", basic(key));
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.text("error")).isEqualTo("forbidden");
        String wrong = "{\"username\":\"" + name + "\",\"password\":\"wrong\"}";
        assertThat(json("POST", "/1/auth/signin", wrong, "Authorization", basic(key))
                        .status())
                .as("only a right password is told of it")
                .isEqualTo(401);
    }

    private String anApplication() {
        String name = aName();
        Answer made = form("/1/applications", "name=" + name);
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/1/applications/" + name);
        return name;
    }

    private Answer aKey(String application, String by, String... permissions) {
        String list = List.of(permissions).stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
        Answer made = issue(application, by, list);
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return made;
    }

    private Answer issue(String application, String by, String permissions) {
        return json(
                "POST",
                "/1/applications/" + application + "/keys",
                "{\"permissions\":" + permissions + "}",
                "Authorization",
                basic(by));
    }

    private Answer get(String path, String key) {
        return send("GET", path, "", new byte[0], "Authorization", basic(key));
    }

    private Answer aUserWith(String key) {
        String body = "{\"username\":\"" + aName() + "\",\"password\":\"abcd1234\"}";
        return json("POST", "/1/users", body, "Authorization", basic(key));
    }

    private static Set<String> names(Answer list) {
        return StreamSupport.stream(list.json().get("data").spliterator(), false)
                .map(application -> application.get("name").asString())
                .collect(Collectors.toSet());
    }

    private static void assertSameRefusal(Answer foreign, Answer unknown) {
        assertThat(foreign.status()).isEqualTo(404).isEqualTo(unknown.status());
        assertThat(foreign.text("detail")).isEqualTo(unknown.text("detail"));
        assertThat(foreign.text("error")).isEqualTo(unknown.text("error"));
    }
}
