package io.userstore.standalone.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.userstore.standalone.Client;
import io.userstore.standalone.Client.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The REST API as one application sees it, with a key that may do everything but administrate others. Whatever is sent comes from an
 * address of its own. In bodies {@code '} stands for {@code "}. Immutable.
 */
final class Api {
    static final String FORM = "application/x-www-form-urlencoded";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String[] EVERYTHING = {
        "users:read", "users:write", "auth", "stats:read", "events:read", "admin"
    };

    private final Store store;
    private final String application;
    private final String address;
    private final Client client;

    private Api(Store store, String application, String address, Client client) {
        this.store = store;
        this.application = application;
        this.address = address;
        this.client = client;
    }

    static Api ofANewApplication(Store store) {
        String name = "a" + UUID.randomUUID();
        Api root = new Api(store, name, "203.0.113.1", store.root());
        expect(201, root.post("/1/applications", "{'name':'" + name + "'}"));
        return root.withAKeyFor(EVERYTHING).from(anAddress());
    }

    /** A documentation address of IPv6, in a network that hardly anybody else has come from; written as RFC 5952 has it. */
    static String anAddress() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "2001:db8:%x:%x::1".formatted(random.nextInt(1, 0x10000), random.nextInt(1, 0x10000));
    }

    /** The same application, with another key of these permissions. */
    Api withAKeyFor(String... permissions) {
        String wanted = Arrays.stream(permissions).map(one -> "'" + one + "'").collect(Collectors.joining(","));
        Api root = new Api(store, application, "203.0.113.1", store.root());
        Answer key = expect(201, root.post(keys(), "{'permissions':[" + wanted + "]}"));
        Api api = with(key.text("key"));
        // The query side hears of a key some milliseconds later.
        await().atMost(PATIENCE).until(() -> api.get("/1/users").status() != 401);
        return api;
    }

    /** The same application, with a key that somebody else has made. */
    Api with(String key) {
        return new Api(store, application, address, store.root().with(key));
    }

    Api withoutKey() {
        return new Api(store, application, address, client.withoutKey());
    }

    Api from(String other) {
        return new Api(store, application, other, client);
    }

    /** The root key, which belongs to the application {@code default}. */
    Api root() {
        return new Api(store, "default", address, store.root());
    }

    Api ofAnotherApplication() {
        return ofANewApplication(store);
    }

    String application() {
        return application;
    }

    String address() {
        return address;
    }

    /** The path of the keys of the application. */
    String keys() {
        return "/1/applications/" + application + "/keys";
    }

    Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer put(String path, String body, String... headers) {
        return send("PUT", path, body, headers);
    }

    Answer patch(String path, String body, String... headers) {
        return send("PATCH", path, body, headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, "", headers);
    }

    Answer form(String method, String path, String body) {
        return send(method, path, body, "Content-Type", FORM);
    }

    /** @param headers name, value, name, value */
    Answer send(String method, String path, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of("X-Forwarded-For", address));
        all.addAll(List.of(headers));
        return client.send(method, path, body.replace('\'', '"'), all.toArray(String[]::new));
    }

    /** Creates a user with the password {@code abcd1234}; {@code fields} are JSON, for example {@code 'username':'tiny'}. */
    Answer aUser(String fields) {
        return expect(201, post("/1/users", "{'password':'abcd1234'," + fields + "}"));
    }

    /** The id of a new user {@code tiny}. */
    String tiny() {
        return aUser("'username':'tiny'").text("id");
    }

    Answer user(String id) {
        return expect(200, get("/1/users/" + id));
    }

    Answer signIn(String fields) {
        return post("/1/auth/signin", "{" + fields + "}");
    }

    Answer signInTiny(String password) {
        return signIn("'username':'tiny','password':'" + password + "'");
    }

    /** The activity of a user, newest first. */
    List<JsonNode> activity(String id) {
        return data(get("/1/users/" + id + "/activity"));
    }

    List<String> activityTypes(String id) {
        return activity(id).stream().map(entry -> entry.get("type").asString()).toList();
    }

    /** The numbers of the application's users, for example {@code active}. */
    int total(String name) {
        return get("/1/stats").json().at("/totals/" + name).asInt();
    }

    /** Ends a test of mails where these are not at hand. */
    void assumeMails() {
        assumeTrue(store.mails() != null, "the mails of this store are not at hand");
    }

    /** The mail to an address that fulfils something; waits for it. */
    JsonNode mailTo(String recipient, Predicate<JsonNode> wanted) {
        return await().atMost(PATIENCE)
                .until(
                        () -> Objects.requireNonNull(store.mails()).stream()
                                .filter(mail -> mail.get("to").asString().equals(recipient))
                                .filter(wanted)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** How many mails an address has got. */
    long mailsTo(String recipient) {
        return Objects.requireNonNull(store.mails()).stream()
                .filter(mail -> mail.get("to").asString().equals(recipient))
                .count();
    }

    JsonNode mailTo(String recipient) {
        return mailTo(recipient, mail -> true);
    }

    /** The link in a mail. */
    static String link(JsonNode mail) {
        return mail.get("text").asString().replaceAll("(?s).*?(https?://\\S+).*", "$1");
    }

    /** The code in the link of a mail. */
    static String code(JsonNode mail) {
        return link(mail).replaceAll(".*[?&]code=([^&]*).*", "$1");
    }

    /** What the store has logged. */
    String log() {
        return store.log();
    }

    /** Whether the store is one with the properties that tests ask for. */
    boolean isOurs() {
        return store.isOurs();
    }

    /** @param text with {@code '} for {@code "} */
    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    static List<JsonNode> data(Answer page) {
        return StreamSupport.stream(expect(200, page).json().get("data").spliterator(), false)
                .toList();
    }

    /** A field of each entry of a page. */
    static List<String> each(String field, Answer page) {
        return data(page).stream().map(entry -> entry.path(field).asString("")).toList();
    }

    static Answer expect(int status, Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    /** That an answer is an error as clients of either product know it. */
    static Answer refused(Answer answer, int status, String error, int code) {
        expect(status, answer);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.text("error")).isEqualTo(error);
        assertThat(answer.json().get("code").asInt()).isEqualTo(code);
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        return answer;
    }

    /** That a request had exactly these faults, as {@code field:code}. */
    static Answer faulty(Answer answer, String... faults) {
        expect(400, answer);
        assertThat(answer.text("error")).as(answer.body()).isEqualTo("validation_error");
        List<String> told = new ArrayList<>();
        answer.json()
                .get("validation_error")
                .forEach(fault -> told.add(
                        fault.get("field").asString() + ":" + fault.get("code").asString()));
        assertThat(told).as(answer.body()).containsExactlyInAnyOrder(faults);
        return answer;
    }
}
