package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What belongs to one application is to every other as if it were not there, at every address of the API. */
class IsolationTest {
    private static final String EVERYTHING =
            "{\"permissions\":[\"users:read\",\"users:write\",\"auth\",\"stats:read\",\"events:read\",\"admin\"]}";

    @TempDir
    static Path folder;

    private static RunningStandalone standalone;
    private static Client stranger;

    /** What the other application has, by the names that stand in the table below. */
    private static final Map<String, String> THEIRS = new LinkedHashMap<>();

    /** The same, of nobody. */
    private static final Map<String, String> NOBODYS = new LinkedHashMap<>();

    /** One address that takes something of an application; to be called with a key of another. A body is JSON. */
    record Endpoint(String method, String path, String body) {
        Endpoint(String method, String path) {
            this(method, path, "");
        }
    }

    /** Every address that takes an id, a name, a cursor or a code: a new one is one more line. */
    static Stream<Endpoint> endpoints() {
        return Stream.of(
                new Endpoint("GET", "/1/users/{id}"),
                new Endpoint("HEAD", "/1/users/{id}"),
                new Endpoint("GET", "/1/users/{email}?query_by=email"),
                new Endpoint("GET", "/1/users/{username}?query_by=username"),
                new Endpoint("GET", "/1/users/{id}?version=1"),
                new Endpoint("GET", "/1/users/{id}?as_of=2999-01-01"),
                new Endpoint("GET", "/1/users/{username}?query_by=username&version=1"),
                new Endpoint("GET", "/1/users/{id}/activity"),
                new Endpoint("GET", "/1/stats/groups?after={application}"),
                new Endpoint("GET", "/1/users/{id}/export"),
                new Endpoint("GET", "/1/erasures/{id}"),
                new Endpoint("GET", "/1/erasures/{erased}"),
                new Endpoint("GET", "/1/users?q={username}"),
                new Endpoint("GET", "/1/users?group={group}"),
                new Endpoint("GET", "/1/users?pending=false&q={username}"),
                new Endpoint("GET", "/1/users?after={cursor}"),
                new Endpoint("GET", "/1/users?before={cursor}"),
                new Endpoint("GET", "/1/users?sort=username&after={cursor}"),
                new Endpoint("PUT", "/1/users/{id}", "{\"first_name\":\"x\"}"),
                new Endpoint("PATCH", "/1/users/{id}", "{\"first_name\":\"x\"}"),
                new Endpoint("PATCH", "/1/users/{id}", "{\"password\":\"abcd12345\"}"),
                new Endpoint("DELETE", "/1/users/{id}"),
                new Endpoint("POST", "/1/auth/signin", "{\"username\":\"{username}\",\"password\":\"abcd1234\"}"),
                new Endpoint("POST", "/1/auth/signin", "{\"email\":\"{email}\",\"password\":\"abcd1234\"}"),
                new Endpoint("POST", "/1/auth/signin", "{\"signin_id\":\"{email}\",\"password\":\"abcd1234\"}"),
                new Endpoint("POST", "/1/auth/confirm", "{\"id\":\"{id}\",\"password\":\"abcd1234\"}"),
                new Endpoint("POST", "/1/auth/signout", "{\"id\":\"{id}\"}"),
                new Endpoint("POST", "/1/users/{id}/confirmation"),
                new Endpoint("POST", "/1/users/{id}/password-reset"),
                new Endpoint("POST", "/1/users/{id}/password-reset", "{\"subject\":\"x\"}"),
                new Endpoint("POST", "/1/auth/forgot-password?send_email=false", "{\"email\":\"{email}\"}"),
                new Endpoint("POST", "/1/auth/verify", "{\"code\":\"{code}\"}"),
                new Endpoint("POST", "/1/auth/reset-password", "{\"code\":\"{code}\",\"password\":\"abcd12345\"}"),
                new Endpoint("GET", "/1/tokens/{code}"),
                new Endpoint("GET", "/1/users/{id}/auth-providers"),
                new Endpoint("GET", "/1/users/{id}/auth-providers/google"),
                new Endpoint("POST", "/1/users/{id}/auth-providers/facebook", "{\"client_id\":\"x\"}"),
                new Endpoint("PATCH", "/1/users/{id}/auth-providers/google", "{\"client_id\":\"x\"}"),
                new Endpoint("DELETE", "/1/users/{id}/auth-providers/google"),
                new Endpoint("DELETE", "/1/users/{id}/auth-providers"),
                new Endpoint("POST", "/1/auth/signin", "{\"provider\":\"google\",\"client_id\":\"{client_id}\"}"),
                new Endpoint("GET", "/1/users?provider=google&client_id={client_id}"),
                new Endpoint("GET", "/1/audit/proofs/inclusion?position={cursor}"),
                new Endpoint("GET", "/1/applications/{application}"),
                new Endpoint("PATCH", "/1/applications/{application}", "{\"inactive_signin\":\"deny\"}"),
                new Endpoint("PATCH", "/1/applications/{application}", "{\"mail\":{\"from_email\":\"x@example.com\"}}"),
                new Endpoint("GET", "/1/applications/{application}/keys"),
                new Endpoint("POST", "/1/applications/{application}/keys", EVERYTHING),
                new Endpoint("POST", "/1/applications/{application}/keys/{key_id}/rotate"),
                new Endpoint("DELETE", "/1/applications/{application}/keys/{key_id}"),
                new Endpoint("POST", "/1/applications/{own}/keys/{key_id}/rotate"),
                new Endpoint("DELETE", "/1/applications/{own}/keys/{key_id}"));
    }

    @BeforeAll
    static void start() {
        standalone = new RunningStandalone(folder);
        Client root = standalone.client();
        Client.Answer theirKey = anApplication(root, "theirs");
        Client theirs = root.with(theirKey.text("key"));
        Client.Answer user = theirs.json(
                "POST",
                "/1/users?verify_user=true",
                "{\"username\":\"theirname\",\"email\":\"they@example.com\",\"password\":\"abcd1234\",\"group\":\"g\"}");
        assertThat(user.status()).as(user.body()).isEqualTo(201);
        theirs.json("POST", "/1/auth/signin", "{\"username\":\"theirname\",\"password\":\"abcd1234\"}");
        Client.Answer link = theirs.json(
                "POST", "/1/users/" + user.text("id") + "/auth-providers/google", "{\"client_id\":\"their-client\"}");
        assertThat(link.status()).as(link.body()).isEqualTo(201);
        JsonNode activity =
                theirs.get("/1/users/" + user.text("id") + "/activity").json().get("data");
        long cursor = activity.get(activity.size() - 1).get("position").asLong();
        assertThat(cursor).isPositive();
        Client.Answer erased =
                theirs.json("POST", "/1/users", "{\"username\":\"erasedname\",\"password\":\"abcd1234\"}");
        assertThat(theirs.delete("/1/users/" + erased.text("id")).status()).isEqualTo(200);
        assertThat(theirs.get("/1/erasures/" + erased.text("id")).status()).isEqualTo(200);
        stranger = root.with(anApplication(root, "strangers").text("key"));

        THEIRS.putAll(Map.of(
                "id", user.text("id"),
                "email", "they@example.com",
                "username", "theirname",
                "group", "g",
                "cursor", Long.toString(cursor),
                "application", "theirs",
                "key_id", theirKey.text("id"),
                "own", "strangers",
                "token", user.header("Consistency-Token")));
        THEIRS.put("erased", erased.text("id"));
        NOBODYS.put("erased", UUID.randomUUID().toString());
        THEIRS.putAll(Map.of("code", user.text("verification_code"), "client_id", "their-client"));
        NOBODYS.putAll(Map.of(
                "id", UUID.randomUUID().toString(),
                "email", "nobody@example.com",
                "username", "nobody",
                "group", "none",
                "cursor", Long.toString(cursor + 1_000),
                "application", "none",
                "key_id", "key_0123456789abcdef01234567",
                "own", "strangers",
                "token", "bm9uZQ"));
        NOBODYS.putAll(Map.of("code", user.text("verification_code").toUpperCase(Locale.ROOT), "client_id", "nobody"));
    }

    private static Client.Answer anApplication(Client root, String name) {
        assertThat(root.json("POST", "/1/applications", "{\"name\":\"" + name + "\"}")
                        .status())
                .isEqualTo(201);
        Client.Answer key = root.json("POST", "/1/applications/" + name + "/keys", EVERYTHING);
        assertThat(key.status()).as(key.body()).isEqualTo(201);
        return key;
    }

    @AfterAll
    static void stop() {
        standalone.close();
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whatIsTheirsIsAnsweredAsWhatIsNobodys(Endpoint endpoint) {
        Client.Answer ofTheirs = call(endpoint, THEIRS);
        Client.Answer ofNobody = call(endpoint, NOBODYS);
        assertThat(ofTheirs.status()).as(ofTheirs.body()).isEqualTo(ofNobody.status());
        assertThat(comparable(ofTheirs, THEIRS)).isEqualTo(comparable(ofNobody, NOBODYS));
        assertThat(ofTheirs.status()).as(ofTheirs.body()).isIn(200, 400, 401, 404);
        if (ofTheirs.status() == 200 && endpoint.method().equals("GET")) {
            assertThat(ofTheirs.json().path("data").size()).isZero();
        }
    }

    /** Their token is no token of ours, whatever it is sent with. */
    @Test
    void theirConsistencyTokenIsRefusedAsOneThatIsNone() {
        for (String path : new String[] {"/1/users", "/1/users/" + THEIRS.get("id"), "/1/stats"}) {
            Client.Answer theirs = stranger.send("GET", path, "", "Consistency-Token", value(THEIRS, "token"));
            Client.Answer nobodys = stranger.send("GET", path, "", "Consistency-Token", value(NOBODYS, "token"));
            assertThat(theirs.status()).isEqualTo(400);
            assertThat(comparable(theirs, THEIRS)).isEqualTo(comparable(nobodys, NOBODYS));
        }
    }

    @Test
    void listsCountsAndStatisticsSeeNothingOfTheirs() {
        JsonNode list = stranger.get("/1/users").json();
        assertThat(list.get("data").size()).isZero();
        assertThat(list.get("paging").get("total_count").asInt()).isZero();
        JsonNode statistics = stranger.get("/1/stats").json();
        assertThat(statistics.get("totals").get("users").asInt()).isZero();
        statistics.get("series").forEach(point -> {
            assertThat(point.get("joins").asInt()).isZero();
            assertThat(point.get("logins").asInt()).isZero();
        });
        assertThat(stranger.get("/1/stats/groups").json().get("data").size()).isZero();
        JsonNode ofTheirGroup = stranger.get("/1/stats?group=g").json();
        assertThat(ofTheirGroup.get("totals").get("users").asInt()).isZero();
        ofTheirGroup
                .get("series")
                .forEach(point -> assertThat(point.get("joins").asInt()).isZero());
        JsonNode applications = stranger.get("/1/applications").json();
        assertThat(applications.get("data").size()).isEqualTo(1);
        assertThat(applications.get("data").get(0).get("name").asString()).isEqualTo("strangers");
        assertThat(applications.get("paging").get("total_count").asInt()).isEqualTo(1);
    }

    /** How many events there are of all applications together is a number about the others. */
    @Test
    void theirProjectionsAreNotOursToSee() {
        assertThat(stranger.get("/1/projections").status()).isEqualTo(403);
        assertThat(stranger.get("/1/key").text("application")).isEqualTo("strangers");
    }

    private static Client.Answer call(Endpoint endpoint, Map<String, String> values) {
        return stranger.send(
                endpoint.method(),
                filled(endpoint.path(), values, "@", "%40"),
                filled(endpoint.body(), values, "", ""));
    }

    private static String filled(String template, Map<String, String> values, String from, String to) {
        String text = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            String written =
                    from.isEmpty() ? value.getValue() : value.getValue().replace(from, to);
            text = text.replace("{" + value.getKey() + "}", written);
        }
        return text;
    }

    /** The answer without its request id, and with what was asked for taken out of links. */
    private static String comparable(Client.Answer answer, Map<String, String> values) {
        if (answer.body().isEmpty()) {
            return "";
        }
        JsonNode json = answer.json();
        if (json instanceof ObjectNode object) {
            object.remove("request_id");
        }
        return json.toString().replace("=" + value(values, "cursor"), "={cursor}");
    }

    private static String value(Map<String, String> values, String name) {
        return values.getOrDefault(name, "");
    }
}
