package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.data;
import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static io.userstore.standalone.contract.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.standalone.Client.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The chapter "Requests" of the REST contract, line by line. */
@ExtendWith(OneStore.class)
class RequestsTest {
    private static final int MAX_BODY = 64 * 1024;
    private static final String TINY = "{'username':'tiny','password':'abcd1234'}";

    private final Api api;

    RequestsTest(Api api) {
        this.api = api;
    }

    /** A write on the user {@code {id}}, as JSON and as a form that says the same. */
    record Write(String method, String path, String json, String form) {
        Write of(String id) {
            return new Write(method, path.replace("{id}", id), json.replace("{id}", id), form.replace("{id}", id));
        }

        Answer asJson(Api api, String... headers) {
            return api.send(method, path, json, headers);
        }
    }

    static Stream<Write> writes() {
        return Stream.of(
                new Write("POST", "/1/users", "{'username':'tina','password':'abcd'}", "username=tina&password=abcd"),
                new Write("PUT", "/1/users/{id}", "{'last_name':'Home'}", "last_name=Home"),
                new Write("PATCH", "/1/users/{id}", "{'last_name':'Home'}", "last_name=Home"),
                new Write(
                        "POST",
                        "/1/auth/signin",
                        "{'username':'tiny','password':'abcd1234'}",
                        "username=tiny&password=abcd1234"),
                new Write("POST", "/1/auth/signout", "{'id':'{id}'}", "id={id}"),
                new Write(
                        "POST", "/1/auth/confirm", "{'id':'{id}','password':'abcd1234'}", "id={id}&password=abcd1234"),
                new Write(
                        "POST",
                        "/1/users/{id}/auth-providers",
                        "{'provider':'google','client_id':'c1'}",
                        "provider=google&client_id=c1"),
                new Write("DELETE", "/1/users/{id}", "", ""));
    }

    @Test
    @DisplayName("Base path /1")
    void theBasePathIsOne() {
        expect(200, api.get("/1/users"));
        refused(api.get("/users"), 404, "not_found", 810);
        refused(api.get("/2/users"), 404, "not_found", 810);
    }

    @ParameterizedTest
    @MethodSource("writes")
    @DisplayName("Bodies: application/json and application/x-www-form-urlencoded on every write")
    void bodiesAreJsonOrFormsOnEveryWrite(Write write) {
        Api other = api.ofAnotherApplication();
        Answer json = write.of(api.tiny()).asJson(api);
        Write onOther = write.of(other.tiny());
        Answer form = other.form(onOther.method(), onOther.path(), onOther.form());
        assertThat(json.status()).as(json.body()).isIn(200, 201);
        assertThat(form.status()).as(form.body()).isEqualTo(json.status());
        assertThat(form.json().propertyNames()).isEqualTo(json.json().propertyNames());
        assertThat(form.text("last_name")).isEqualTo(json.text("last_name"));
        assertThat(form.text("username")).isEqualTo(json.text("username"));
    }

    @Test
    @DisplayName("extra[color]=blue in a form")
    void extraColorInAFormIsAnEntryOfExtra() {
        Answer created = expect(
                201,
                api.form("POST", "/1/users", "username=tiny&password=abcd1234&extra[color]=blue&extra%5Bsize%5D=XL"));
        assertThat(api.user(created.text("id")).json().get("extra"))
                .isEqualTo(Api.json("{'color':'blue','size':'XL'}"));
    }

    @Test
    @DisplayName("UTF-8")
    void bodiesAreUtf8() {
        String json = api.aUser("'username':'Zoë','first_name':'雪 🎿'").text("id");
        assertThat(api.user(json).text("first_name")).isEqualTo("雪 🎿");
        assertThat(api.user("Zo%C3%AB?query_by=username").text("id")).isEqualTo(json);
        expect(200, api.form("PUT", "/1/users/" + json, "last_name=M%C3%BCller+%F0%9F%8E%BF"));
        assertThat(api.user(json).text("last_name")).isEqualTo("Müller 🎿");
    }

    @Test
    @DisplayName("Options travel in the query string (verify_user, send_email, query_by, …)")
    void optionsTravelInTheQueryString() {
        Answer created = api.post(
                "/1/users?verify_user=true", "{'username':'tiny','email':'tiny@example.com','password':'abcd1234'}");
        assertThat(created.text("verification_code")).isNotEmpty();
        assertThat(api.user("tiny?query_by=username").text("id")).isEqualTo(created.text("id"));
        faulty(
                api.post("/1/users", "{'username':'t','password':'abcd1234','verify_user':true,'send_email':true}"),
                "verify_user:unknown",
                "send_email:unknown");
        faulty(api.post("/1/users?verify_usr=true", "{'username':'t','password':'abcd1234'}"), "verify_usr:unknown");
    }

    @Test
    @DisplayName("A body over 64 KiB: 413")
    void aBodyOver64KiBIsAnswered413() {
        String body = TINY + " ".repeat(MAX_BODY - TINY.length());
        refused(api.post("/1/users", body + " "), 413, "payload_too_large", 810);
        expect(201, api.post("/1/users", body));
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/xml", "multipart/form-data; boundary=x"})
    @DisplayName("A content type we don't take: 415")
    void aContentTypeWeDoNotTakeIsAnswered415(String contentType) {
        refused(api.send("POST", "/1/users", TINY, "Content-Type", contentType), 415, "unsupported_media_type", 810);
    }

    @Test
    @DisplayName("Broken JSON: 400 malformed_request, pointing at line and column")
    void brokenJsonIsAnswered400PointingAtLineAndColumn() {
        Answer refused = refused(
                api.post("/1/users", "{'username':'tiny',\n 'password' 'abcd'}"), 400, "malformed_request", 830);
        assertThat(refused.text("detail")).contains("line 2, column 13");
    }

    @Test
    @DisplayName("Credentials: HTTP Basic with the secret key as user name and an empty password, x-api-key, or Bearer")
    void credentialsAreAnyOneOfBasicApiKeyAndBearer() {
        String key = api.post(api.keys(), "{'permissions':['users:read']}").text("key");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api.with(key).get("/1/users").status() == 200);
        String basic = Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
        for (List<String> header : List.of(
                List.of("Authorization", "Basic " + basic),
                List.of("x-api-key", key),
                List.of("Authorization", "Bearer " + key))) {
            Answer answer = expect(200, api.withoutKey().get("/1/key", header.get(0), header.get(1)));
            assertThat(answer.text("application")).as(header.toString()).isEqualTo(api.application());
            assertThat(answer.json().get("permissions")).isEqualTo(Api.json("['users:read']"));
        }
    }

    @Test
    @DisplayName("None or wrong: 401 with WWW-Authenticate")
    void noneOrAWrongKeyIsAnswered401WithWwwAuthenticate() {
        for (Api one : List.of(api.withoutKey(), api.with("sk_wrong_0123456789abcdef"))) {
            for (Answer answer : List.of(one.get("/1/users"), one.post("/1/users", TINY), one.get("/1/stats"))) {
                refused(answer, 401, "unauthorized", 810);
                assertThat(answer.header("WWW-Authenticate")).startsWith("Basic realm=");
            }
        }
    }

    @Test
    @DisplayName(
            "A key belongs to one application: users, names, addresses and statistics are invisible to every other")
    void whatBelongsToOneApplicationIsInvisibleToEveryOther() {
        Answer user = api.aUser("'username':'tiny','email':'tiny@example.com'");
        Api other = api.ofAnotherApplication();
        assertThat(user.text("application")).isEqualTo(api.application());
        refused(other.get("/1/users/" + user.text("id")), 404, "user_not_found", 604);
        refused(other.delete("/1/users/" + user.text("id")), 404, "user_not_found", 604);
        assertThat(data(other.get("/1/users"))).isEmpty();
        assertThat(other.total("users")).isZero();
        refused(other.signInTiny("abcd1234"), 401, "invalid_credentials", 603);
        other.aUser("'username':'tiny','email':'tiny@example.com'");
        assertThat(api.total("users")).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "users:read  | GET   | /1/users       |",
                "users:write | POST  | /1/users       | {'username':'tiny','password':'abcd1234'}",
                "auth        | POST  | /1/auth/signin | {'username':'tiny','password':'abcd1234'}",
                "stats:read  | GET   | /1/stats       |",
                "admin       | GET   | /1/applications|"
            })
    @DisplayName("A key carries permissions (users:read, users:write, auth, stats:read, admin): missing → 403")
    void aKeyWithoutThePermissionIsAnswered403(String permission, String method, String path, String body) {
        String sent = body == null ? "" : body;
        String[] others = Stream.of("users:read", "users:write", "auth", "stats:read", "admin")
                .filter(one -> !one.equals(permission))
                .toArray(String[]::new);
        Answer refused = refused(api.withAKeyFor(others).send(method, path, sent), 403, "forbidden", 810);
        assertThat(refused.text("detail")).contains(permission);
        assertThat(api.withAKeyFor(permission).send(method, path, sent).status())
                .as("with that permission alone")
                .isIn(200, 201, 401);
    }

    @ParameterizedTest
    @MethodSource("writes")
    @DisplayName("Idempotency-Key on any write: the same key with the same body replays the first answer")
    void theSameIdempotencyKeyWithTheSameBodyReplaysTheFirstAnswer(Write write) {
        Write once = write.of(api.tiny());
        String key = UUID.randomUUID().toString();
        Answer first = once.asJson(api, "Idempotency-Key", key);
        Answer again = once.asJson(api, "Idempotency-Key", key);
        assertThat(first.status()).as(first.body()).isIn(200, 201);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
    }

    @Test
    @DisplayName("Idempotency-Key: with another body: 422 idempotency_key_reused")
    void theSameIdempotencyKeyWithAnotherBodyIsAnswered422() {
        expect(201, api.post("/1/users", TINY, "Idempotency-Key", "order-1"));
        Answer other = api.post("/1/users", "{'username':'tina','password':'abcd1234'}", "Idempotency-Key", "order-1");
        refused(other, 422, "idempotency_key_reused", 810);
        assertThat(api.total("users")).isOne();
    }

    @Test
    @DisplayName("Idempotency-Key: while the first still runs: 409")
    void theSameIdempotencyKeyWhileTheFirstStillRunsIsAnswered409() {
        await().atMost(Duration.ofSeconds(60)).until(() -> statusesOfEightAtOnce(), statuses -> {
            assertThat(statuses).containsOnly(201, 409).contains(201);
            return statuses.contains(409);
        });
    }

    private List<Integer> statusesOfEightAtOnce() throws Exception {
        String name = "u" + UUID.randomUUID();
        Callable<Answer> request = () ->
                api.post("/1/users", "{'username':'" + name + "x','password':'abcd1234'}", "Idempotency-Key", name);
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            return clients.invokeAll(Collections.nCopies(8, request)).stream()
                    .map(Future::resultNow)
                    .map(answer ->
                            answer.status() == 409 ? refused(answer, 409, "idempotency_key_in_use", 810) : answer)
                    .map(Answer::status)
                    .toList();
        }
    }

    @Test
    @DisplayName("ETag: \"<version>\" on every single-user answer")
    void everySingleUserAnswerHasTheVersionAsItsETag() {
        Answer created = api.aUser("'username':'tiny','email':'tiny@example.com'");
        String path = "/1/users/" + created.text("id");
        for (Answer answer : List.of(
                created,
                api.get(path),
                api.get("/1/users/tiny?query_by=username"),
                api.patch(path, "{'first_name':'T'}"),
                api.put(path, "{'first_name':'U'}", "Prefer", "return=representation"),
                api.signInTiny("abcd1234"),
                api.post("/1/auth/confirm", "{'id':'" + created.text("id") + "','password':'abcd1234'}"),
                api.post("/1/auth/signout", "{'id':'" + created.text("id") + "'}"))) {
            assertThat(answer.header("ETag"))
                    .as(answer.body())
                    .isEqualTo("\"" + answer.json().get("version").asLong() + "\"");
        }
        assertThat(api.put(path, "{'first_name':'V'}").header("ETag")).isEqualTo("\"4\"");
        assertThat(api.delete(path).header("ETag")).isEqualTo("\"4\"");
    }

    @Test
    @DisplayName("If-Match on PUT, PATCH, DELETE: 412 when stale")
    void ifMatchOnPutPatchAndDeleteIsAnswered412WhenStale() {
        String path = "/1/users/" + api.tiny();
        expect(200, api.put(path, "{'first_name':'A'}", "If-Match", "\"1\""));
        expect(200, api.patch(path, "{'first_name':'B'}", "If-Match", "\"2\""));
        refused(api.put(path, "{'first_name':'C'}", "If-Match", "\"2\""), 412, "version_conflict", 810);
        refused(api.patch(path, "{'first_name':'C'}", "If-Match", "\"1\""), 412, "version_conflict", 810);
        refused(api.delete(path, "If-Match", "\"2\""), 412, "version_conflict", 810);
        assertThat(expect(200, api.get(path)).text("first_name")).isEqualTo("B");
        expect(200, api.delete(path, "If-Match", "\"3\""));
    }

    @Test
    @DisplayName("If-None-Match on GET: 304")
    void ifNoneMatchOnGetIsAnswered304() {
        String path = "/1/users/" + api.tiny();
        Answer same = expect(304, api.get(path, "If-None-Match", "\"1\""));
        assertThat(same.body()).isEmpty();
        assertThat(same.header("ETag")).isEqualTo("\"1\"");
        api.patch(path, "{'first_name':'A'}");
        assertThat(expect(200, api.get(path, "If-None-Match", "\"1\"")).text("first_name"))
                .isEqualTo("A");
    }

    @Test
    @DisplayName(
            "Every answer carries X-Request-Id, taken over from the caller when sent, also the correlation id in events")
    void everyAnswerCarriesTheCallersRequestIdWhichIsAlsoInEvents() {
        Answer created = api.post("/1/users", TINY, "X-Request-Id", "checkout-7f3a");
        Answer fault = api.post("/1/users", "{}", "X-Request-Id", "checkout-7f3b");
        Answer unauthorized = api.withoutKey().get("/1/users", "X-Request-Id", "checkout-7f3c");
        assertThat(created.header("X-Request-Id")).isEqualTo("checkout-7f3a");
        assertThat(fault.header("X-Request-Id")).isEqualTo("checkout-7f3b");
        assertThat(fault.text("request_id")).isEqualTo("checkout-7f3b");
        assertThat(unauthorized.header("X-Request-Id")).isEqualTo("checkout-7f3c");
        JsonNode event = api.activity(created.text("id")).getFirst();
        assertThat(event.get("request_id").asString()).isEqualTo("checkout-7f3a");
        String made = api.get("/1/users").header("X-Request-Id");
        assertThat(made).isNotEmpty().isNotEqualTo(api.get("/1/users").header("X-Request-Id"));
    }
}
