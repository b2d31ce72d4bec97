package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static io.userstore.standalone.contract.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.standalone.Client.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The chapter "The user object" of the REST contract, line by line. */
@ExtendWith(OneStore.class)
class UserObjectTest {
    private final Api api;

    UserObjectTest(Api api) {
        this.api = api;
    }

    @Test
    @DisplayName("The user object: its fields, in this order")
    void theUserObjectHasTheseFields() {
        JsonNode user = api.aUser("""
                'email':'john@example.com','username':'johnsmith','first_name':'John','last_name':'Smith',
                'group':'cadets','extra':{'color':'Blue','age':24,'winner':true}""").json();
        assertThat(user.propertyNames())
                .containsExactly(
                        "id",
                        "email",
                        "username",
                        "first_name",
                        "last_name",
                        "group",
                        "extra",
                        "application",
                        "is_active",
                        "is_email_verified",
                        "validated",
                        "last_signin",
                        "updated_at",
                        "created_at",
                        "version");
        assertThat(user.get("email").asString()).isEqualTo("john@example.com");
        assertThat(user.get("username").asString()).isEqualTo("johnsmith");
        assertThat(user.get("first_name").asString()).isEqualTo("John");
        assertThat(user.get("last_name").asString()).isEqualTo("Smith");
        assertThat(user.get("group").asString()).isEqualTo("cadets");
        assertThat(user.get("extra")).isEqualTo(Api.json("{'color':'Blue','age':24,'winner':true}"));
        assertThat(user.get("application").asString()).isEqualTo(api.application());
        assertThat(user.get("is_active").asBoolean()).isTrue();
        assertThat(user.get("is_email_verified").asBoolean()).isFalse();
        assertThat(user.get("validated").asBoolean()).isTrue();
        assertThat(user.get("last_signin").isNull()).isTrue();
        assertThat(user.get("created_at")).isEqualTo(user.get("updated_at"));
        assertThat(user.get("version").asLong()).isOne();
        assertThat(api.user(user.get("id").asString()).json()).isEqualTo(user);
    }

    @Test
    @DisplayName("id: UUIDv7")
    void theIdIsAUuidOfVersion7() {
        UUID id = UUID.fromString(api.tiny());
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        Instant madeAt = Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
        Instant createdAt = Instant.parse(api.user(id.toString()).text("created_at"));
        assertThat(Duration.between(madeAt, createdAt).abs()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    @DisplayName("Times: RFC 3339, UTC, milliseconds")
    void timesAreRfc3339UtcWithMilliseconds() {
        api.tiny();
        Answer user = api.signInTiny("abcd1234");
        for (String field : List.of("last_signin", "updated_at", "created_at")) {
            assertThat(user.text(field)).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        }
    }

    @Test
    @DisplayName("confirmation: pending | failed | absent")
    void confirmationIsPendingOrFailedOrAbsent() throws Exception {
        assertThat(api.aUser("'username':'tiny'").json().has("confirmation")).isFalse();
        try (RefusingMailServer server = new RefusingMailServer()) {
            String mail = "{'mail':{'smtp':{'host':'127.0.0.1','port':" + server.port() + ",'security':'none'}}}";
            expect(200, api.patch("/1/applications/" + api.application(), mail));
            Answer created = api.aUser("'email':'tina@example.com','confirmation':{}");
            assertThat(created.text("confirmation")).isEqualTo("pending");
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            api.user(created.text("id")).text("confirmation").equals("failed"));
        }
    }

    @Test
    @DisplayName("validated: active, and confirmed where a confirmation was asked for")
    void validatedMeansActiveAndConfirmedWhereAConfirmationWasAskedFor() {
        api.assumeMails();
        String tiny = api.tiny();
        assertThat(validated(api.user(tiny))).isTrue();
        assertThat(validated(api.patch("/1/users/" + tiny, "{'is_active':false}")))
                .isFalse();

        String email = "tina@" + api.application() + ".example";
        String tina = api.aUser("'email':'" + email + "','confirmation':{}").text("id");
        assertThat(validated(api.user(tina))).isFalse();
        assertThat(validated(expect(200, api.patch("/1/users/" + tina, "{'is_active':true}"))))
                .as("active, and not confirmed")
                .isFalse();
        expect(200, api.form("POST", "/confirm", "code=" + Api.code(api.mailTo(email))));
        assertThat(validated(api.user(tina))).isTrue();
    }

    private static boolean validated(Answer user) {
        return user.json().get("validated").asBoolean();
    }

    @Test
    @DisplayName("Absent values: null for the UserStore.io fields, key left out for the others")
    void absentValuesAreNullForTheFieldsOfUserStoreAndLeftOutForTheOthers() {
        JsonNode user = api.aUser("'username':'tiny'").json();
        for (String field : List.of("email", "first_name", "last_name", "last_signin")) {
            assertThat(user.get(field).isNull()).as(field).isTrue();
        }
        assertThat(user.propertyNames()).doesNotContain("group", "extra", "confirmation");
        assertThat(api.aUser("'email':'tina@example.com'")
                        .json()
                        .get("username")
                        .isNull())
                .isTrue();
    }

    @Test
    @DisplayName("A password or a hash is never in an answer, a log line, an exception or a metric")
    void aPasswordOrAHashIsNeverTold() {
        String secret = "Sz4kF^12cpsk";
        Answer created = api.post("/1/users", "{'username':'tiny','password':'" + secret + "'}");
        String path = "/1/users/" + created.text("id");
        for (Answer answer : List.of(
                created,
                api.get(path),
                api.get("/1/users"),
                api.get("/1/users/export"),
                api.get(path + "/activity"),
                api.get(path + "/export"),
                api.signInTiny(secret),
                api.post("/1/users", "{'username':'tiny','password':'" + secret + "'}"),
                api.post("/1/users", "{'username':'" + secret + "@','password':['" + secret + "']}"),
                api.put(path, "{'password':'" + secret + "'}", "Prefer", "return=representation"),
                api.get("/actuator/prometheus"),
                api.delete(path))) {
            assertThat(answer.body()).doesNotContain(secret, "$argon2");
        }
        assertThat(created.json().has("password")).isFalse();
        assertThat(api.log()).doesNotContain(secret, "$argon2");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            delimiter = '|',
            value = {"JOHN@example.com|JOHNSMITH", " john@example.com | johnsmith ", "ｊohn@example.com|ｊohnsmith"})
    @DisplayName(
            "E-mail and user name are unique within an application, compared trimmed and case-insensitively (NFKC)")
    void emailAndUserNameAreUniqueComparedTrimmedAndWithoutCase(String email, String username) {
        String id =
                api.aUser("'email':'john@example.com','username':'johnsmith'").text("id");
        refused(api.post("/1/users", "{'email':'" + email + "','password':'abcd1234'}"), 409, "email_taken", 600);
        refused(
                api.post("/1/users", "{'username':'" + username + "','password':'abcd1234'}"),
                409,
                "username_taken",
                600);
        assertThat(api.signIn("'username':'" + username + "','password':'abcd1234'")
                        .text("id"))
                .isEqualTo(id);
        assertThat(api.signIn("'email':'" + email + "','password':'abcd1234'").text("id"))
                .isEqualTo(id);
    }

    @Test
    @DisplayName("… Locale.ROOT, kept as typed")
    void emailAndUserNameAreKeptAsTyped() {
        Answer created = api.aUser("'email':'John.IT@Example.com','username':'JohnIT'");
        assertThat(created.text("email")).isEqualTo("John.IT@Example.com");
        assertThat(created.text("username")).isEqualTo("JohnIT");
        refused(api.post("/1/users", "{'username':'johnit','password':'abcd1234'}"), 409, "username_taken", 600);
        expect(201, api.post("/1/users", "{'username':'johnıt','password':'abcd1234'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "john@example.com",
                "a@b",
                "0198c0de-7a53-7c62-9d6c-3c1f1c0f5a11",
                "0198C0DE-7A53-7C62-9D6C-3C1F1C0F5A11"
            })
    @DisplayName("A user name may not look like an e-mail address nor like an id")
    void aUserNameMayNotLookLikeAnEmailAddressNorLikeAnId(String username) {
        faulty(api.post("/1/users", "{'username':'" + username + "','password':'abcd1234'}"), "username:invalid");
        faulty(api.patch("/1/users/" + api.tiny(), "{'username':'" + username + "'}"), "username:invalid");
    }

    @Test
    @DisplayName("extra: string, number or boolean values only")
    void extraTakesStringsNumbersAndBooleansOnly() {
        String extra = "{'s':'x','i':-7,'d':2.5,'b':false}";
        assertThat(api.aUser("'username':'tiny','extra':" + extra).json().get("extra"))
                .isEqualTo(Api.json(extra));
        faulty(
                api.post("/1/users", "{'username':'t','password':'abcd1234','extra':{'a':[1],'o':{},'s':'x'}}"),
                "extra.a:wrong_type",
                "extra.o:wrong_type");
        faulty(api.post("/1/users", "{'username':'t','password':'abcd1234','extra':'x'}"), "extra:wrong_type");
    }

    @Test
    @DisplayName("extra: at most 50 keys, key ≤ 64 and string value ≤ 1,024 characters")
    void extraHasAtMost50KeysOf64CharactersWithValuesOf1024() {
        String path =
                "/1/users/" + api.aUser("'username':'tiny','extra':" + keys(50)).text("id");
        faulty(
                api.post("/1/users", "{'username':'t','password':'abcd1234','extra':" + keys(51) + "}"),
                "extra:too_long");
        faulty(api.patch(path, "{'extra':{'one more':1}}"), "extra:too_long");
        expect(200, api.patch(path, "{'extra':null}"));
        String key = "k".repeat(64);
        String value = "v".repeat(1_024);
        expect(200, api.patch(path, "{'extra':{'" + key + "':'" + value + "'}}"));
        assertThat(refused(api.patch(path, "{'extra':{'" + key + "k':1}}"), 400, "validation_error", 800)
                        .text("detail"))
                .contains("a key must have 1 to 64");
        faulty(api.patch(path, "{'extra':{'key':'" + value + "v'}}"), "extra.key:too_long");
    }

    private static String keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "'k" + i + "':" + i).collect(Collectors.joining(",", "{", "}"));
    }

    @Test
    @DisplayName("Names and group ≤ 256")
    void namesAndGroupHaveAtMost256Characters() {
        String most = "n".repeat(256);
        for (String field : List.of("username", "first_name", "last_name", "group")) {
            String user = "{'email':'" + field + "@example.com','password':'abcd1234','" + field + "':'";
            String fault = field.equals("username") ? "username:invalid" : field + ":too_long";
            faulty(api.post("/1/users", user + most + "n'}"), fault);
            assertThat(expect(201, api.post("/1/users", user + most + "'}")).text(field))
                    .isEqualTo(most);
        }
    }

    @Test
    @DisplayName("Password: 4 to 1,024 characters by default")
    void aPasswordHas4To1024Characters() {
        String path = "/1/users/" + api.tiny();
        faulty(api.patch(path, "{'password':'abc'}"), "password:too_short");
        faulty(api.patch(path, "{'password':'" + "p".repeat(1_025) + "'}"), "password:too_long");
        for (String password : List.of("abcd", "p".repeat(1_024))) {
            expect(200, api.patch(path, "{'password':'" + password + "'}"));
            expect(200, api.signInTiny(password));
        }
    }

    @Test
    @DisplayName("Password: any Unicode, NFKC")
    void aPasswordIsAnyUnicodeInNfkc() {
        String path = "/1/users/" + api.tiny();
        expect(200, api.patch(path, "{'password':'Ａ é🎿 雪'}"));
        expect(200, api.signInTiny("A e\u0301🎿 雪"));
        refused(api.signInTiny("a e\u0301🎿 雪"), 401, "invalid_credentials", 603);
        expect(200, api.patch(path, "{'password':'🎿🎿🎿🎿'}"));
        faulty(api.patch(path, "{'password':'🎿🎿🎿'}"), "password:too_short");
    }

    @Test
    @DisplayName(
            "Sent back read-only fields of the user object are ignored on PUT and PATCH; any other unknown field is a fault")
    void readOnlyFieldsSentBackAreIgnoredAndOtherUnknownFieldsAreFaults() {
        Answer created = api.aUser("'username':'tiny','extra':{'color':'blue'}");
        String path = "/1/users/" + created.text("id");
        String changed = created.body()
                .replace("\"first_name\":null", "\"first_name\":\"Tina\"")
                .replace("\"version\":1", "\"version\":77,\"confirmation\":\"pending\"")
                .replace("\"is_email_verified\":false", "\"is_email_verified\":true")
                .replace(created.text("created_at"), "2001-01-01T00:00:00.000Z");
        assertThat(expect(200, api.put(path, changed)).json().propertyNames())
                .containsExactly("first_name", "updated_at");
        Answer patched = expect(200, api.patch(path, changed));
        assertThat(patched.json().get("is_email_verified").asBoolean()).isFalse();
        assertThat(patched.text("created_at")).isEqualTo(created.text("created_at"));
        assertThat(patched.json().get("version").asLong()).isEqualTo(2);
        assertThat(patched.json().has("confirmation")).isFalse();
        faulty(api.put(path, "{'first_nam':'x','id':'y'}"), "first_nam:unknown");
        faulty(api.patch(path, "{'is_admin':true,'version':3}"), "is_admin:unknown");
    }
}
