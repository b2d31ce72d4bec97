package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class UserWritesTest extends RunningCommandService {

    @Test
    void aUserIsCreatedWithAllThatWasGiven() {
        String name = aName();
        Answer created = json("POST", "/1/users", """
                {"username":"%s","email":" %s@Example.com ","password":"Sz4kF^12cpsk","first_name":"John",
                 "last_name":"Smith","group":"cadets","extra":{"color":"Blue","age":24,"winner":true,"ratio":0.5}}
                """.formatted(name, name));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.header("Location")).isEqualTo("/1/users/" + created.text("id"));
        assertThat(created.header("Consistency-Token")).isNotEmpty();
        assertThat(created.text("email")).isEqualTo(name + "@Example.com");
        assertThat(created.text("group")).isEqualTo("cadets");
        assertThat(created.json().get("extra"))
                .isEqualTo(JSON.readTree("{\"color\":\"Blue\",\"age\":24,\"winner\":true,\"ratio\":0.5}"));
        assertThat(created.json().get("last_signin").isNull()).isTrue();
        assertThat(created.response().body()).doesNotContain("Sz4kF").doesNotContain("argon2");
    }

    @Test
    void aFormDoesWhatJsonDoes() {
        String name = aName();
        Answer created = form(
                "/1/users",
                "email=" + name + "%40example.com&password=Sz4kF%5E12cpsk&extra%5Bcolor%5D=blue&is_active=false");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().get("extra")).isEqualTo(JSON.readTree("{\"color\":\"blue\"}"));
        assertThat(created.json().get("is_active").asBoolean()).isFalse();
        assertThat(created.json().get("username").isNull()).isTrue();
    }

    @Test
    void everyFaultOfARequestIsToldAtOnceInItsField() {
        Answer refused = json("POST", "/1/users", """
                {"email":"nonsense","username":7,"password":"abc","first_name":"%s","color":"Blue",
                 "extra":{"list":[1],"":"x"},"is_active":"yes"}
                """.formatted("x".repeat(257)));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        List<String> faults = new ArrayList<>();
        for (JsonNode fault : refused.json().get("validation_error")) {
            faults.add(fault.get("field").asString() + " " + fault.get("code").asString());
        }
        assertThat(faults)
                .containsExactlyInAnyOrder(
                        "email invalid",
                        "username wrong_type",
                        "password too_short",
                        "first_name too_long",
                        "extra.list wrong_type",
                        "extra. invalid",
                        "is_active wrong_type",
                        "color unknown");
        assertThat(refused.text("error")).isEqualTo("validation_error");
        assertThat(refused.text("request_id")).isEqualTo(refused.header("X-Request-Id"));
    }

    @Test
    void whatIsRequiredIsToldAsMissing() {
        Answer refused = json("POST", "/1/users", "{}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("code").asInt()).isEqualTo(804);
        assertThat(refused.text("detail")).contains("password").contains("email");
    }

    @Test
    void ofTwoHundredClaimsOfOneAddressExactlyOneWins() throws Exception {
        String address = aName() + "@Example.com";
        List<Callable<Answer>> claims = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String spelled = i % 3 == 0 ? address : i % 3 == 1 ? address.toUpperCase(Locale.ROOT) : " " + address + " ";
            claims.add(() -> json("POST", "/1/users", "{\"email\":\"" + spelled + "\",\"password\":\"abcd\"}"));
        }
        try (ExecutorService callers = Executors.newFixedThreadPool(32)) {
            List<Integer> statuses = new ArrayList<>();
            for (Future<Answer> answer : callers.invokeAll(claims)) {
                statuses.add(answer.get().status());
                if (answer.get().status() != 201) {
                    assertThat(answer.get().text("error")).isEqualTo("email_taken");
                    assertThat(answer.get().json().get("code").asInt()).isEqualTo(600);
                }
            }
            assertThat(statuses).containsOnly(201, 409);
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
        }
    }

    @Test
    void aPutAnswersOnlyWhatChanged() {
        String id = aUserNamed(aName());
        Answer changed = json(
                "PUT", "/1/users/" + id, "{\"first_name\":\"John\",\"last_name\":\"Smith\",\"password\":\"new one\"}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().propertyNames()).containsExactly("first_name", "last_name", "updated_at");
        assertThat(changed.header("ETag")).isEqualTo("\"3\"");
        Answer whole = json("PUT", "/1/users/" + id, "{\"first_name\":\"Jack\"}", "Prefer", "return=representation");
        assertThat(whole.text("last_name")).isEqualTo("Smith");
        assertThat(whole.text("id")).isEqualTo(id);
        assertThat(whole.header("Preference-Applied")).isEqualTo("return=representation");
    }

    @Test
    void aPatchMergesAndNullRemovesACustomValue() {
        String id = aUserNamed(aName());
        json("PATCH", "/1/users/" + id, "{\"extra\":{\"color\":\"Blue\",\"a.b\":1,\"$set\":true}}");
        Answer patched = json("PATCH", "/1/users/" + id, "{\"extra\":{\"color\":null},\"first_name\":\"John\"}");
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.json().get("extra")).isEqualTo(JSON.readTree("{\"a.b\":1,\"$set\":true}"));
        assertThat(patched.text("first_name")).isEqualTo("John");
        Answer emptied = json("PATCH", "/1/users/" + id, "{\"extra\":null,\"first_name\":null}");
        assertThat(emptied.json().has("extra")).isFalse();
        assertThat(emptied.json().get("first_name").isNull()).isTrue();
    }

    @Test
    void whatAClientSendsBackReadOnlyIsPassedOver() {
        String id = aUserNamed(aName());
        Answer user = json("PATCH", "/1/users/" + id, "{\"first_name\":\"John\"}");
        Answer again = json("PATCH", "/1/users/" + id, user.response().body());
        assertThat(again.status()).as(again.response().body()).isEqualTo(200);
        assertThat(again.header("ETag")).isEqualTo(user.header("ETag"));
        assertThat(json("PATCH", "/1/users/" + id, "{\"nonsense\":1}").status()).isEqualTo(400);
    }

    @Test
    void aStaleEntityTagIsRefused() {
        String id = aUserNamed(aName());
        assertThat(json("PATCH", "/1/users/" + id, "{\"group\":\"a\"}", "If-Match", "\"1\"")
                        .status())
                .isEqualTo(200);
        Answer stale = json("PATCH", "/1/users/" + id, "{\"group\":\"b\"}", "If-Match", "\"1\"");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.text("error")).isEqualTo("version_conflict");
        assertThat(delete("/1/users/" + id, "If-Match", "W/\"2\"").status()).isEqualTo(412);
        assertThat(delete("/1/users/" + id, "If-Match", "\"9\", \"2\"").status())
                .isEqualTo(200);
    }

    @Test
    void aDeletedUserIsAnsweredOnceMoreAndItsNameIsFree() {
        String name = aName();
        String id = aUserNamed(name);
        Answer deleted = delete("/1/users/" + id);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.text("username")).isEqualTo(name);
        assertThat(delete("/1/users/" + id).status()).isEqualTo(404);
        assertThat(json("PATCH", "/1/users/" + id, "{\"group\":\"a\"}").status())
                .isEqualTo(404);
        assertThat(aUserNamed(name.toUpperCase(Locale.ROOT))).isNotEqualTo(id);
    }

    @Test
    void aChangedNameIsFreeForOthersAndAnotherUsersNameIsNot() {
        String first = aName();
        String second = aName();
        String id = aUserNamed(first);
        aUserNamed(second);
        assertThat(json("PATCH", "/1/users/" + id, "{\"username\":\"" + second + "\"}")
                        .status())
                .isEqualTo(409);
        assertThat(json("PATCH", "/1/users/" + id, "{\"username\":\"" + first.toUpperCase(Locale.ROOT) + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(json("PATCH", "/1/users/" + id, "{\"username\":\"" + aName() + "\"}")
                        .status())
                .isEqualTo(200);
        aUserNamed(first);
    }

    @Test
    void manyConcurrentChangesOfOneUserAllHappenOneAfterAnother() throws Exception {
        String id = aUserNamed(aName());
        List<Callable<Answer>> changes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String key = "k" + i;
            changes.add(() -> json("PATCH", "/1/users/" + id, "{\"extra\":{\"" + key + "\":1}}"));
        }
        try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
            for (Future<Answer> answer : callers.invokeAll(changes)) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        }
        Answer user = json("PATCH", "/1/users/" + id, "{}");
        assertThat(user.json().get("extra").size()).isEqualTo(40);
        assertThat(user.header("ETag")).isEqualTo("\"41\"");
    }

    @Test
    void aKeyIsAskedForInAnyOfThreeWays() {
        String body = "{}";
        assertThat(json("POST", "/1/users", body, "Authorization", "Bearer " + KEY)
                        .status())
                .isEqualTo(400);
        assertThat(json("POST", "/1/users", body, "Authorization", "", "x-api-key", KEY)
                        .status())
                .isIn(400, 401);
        for (String wrong : List.of("", "Bearer x", "Basic !!", basic("x"), "Digest " + KEY)) {
            Answer refused = json("POST", "/1/users", body, "Authorization", wrong);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("WWW-Authenticate")).startsWith("Basic");
            assertThat(refused.text("error")).isEqualTo("unauthorized");
        }
    }

    @Test
    void theCallersRequestIdIsTakenOver() {
        assertThat(json("POST", "/1/users", "{}", "X-Request-Id", "my-request.1")
                        .header("X-Request-Id"))
                .isEqualTo("my-request.1");
        assertThat(json("POST", "/1/users", "{}", "X-Request-Id", "<script>").header("X-Request-Id"))
                .doesNotContain("script");
    }

    @Test
    void aPreferenceForNoBodyIsHonoured() {
        String id = aUserNamed(aName());
        Answer minimal = json("PATCH", "/1/users/" + id, "{\"group\":\"a\"}", "Prefer", "return=minimal");
        assertThat(minimal.status()).isEqualTo(204);
        assertThat(minimal.response().body()).isEmpty();
    }
}
