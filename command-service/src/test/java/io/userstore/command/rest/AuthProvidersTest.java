package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import io.userstore.web.ApiKeys;
import io.userstore.web.Permission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

@DirtiesContext // gives its connections back
@TestPropertySource(properties = {"userstore.password.denied-file=src/test/resources/denied-passwords.txt"})
@Import(AuthProvidersTest.Keys.class)
class AuthProvidersTest extends RunningCommandService {
    private static final String TOKEN = "ya29.a0AfH6SM-secret";
    private static final String OTHER_APPLICATION = "sk_other_0123456789abcdef";
    private static final String WITHOUT_AUTH = "sk_reads_0123456789abcdef";

    @Autowired
    private JdbcClient jdbc;

    /** One key of another application, and one that may not see access tokens. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Keys {
        @Bean
        @Primary
        ApiKeys testKeys() {
            Map<String, ApiKeys.Grant> grants = Map.of(
                    KEY, new ApiKeys.Grant("default", "key_all", EnumSet.allOf(Permission.class)),
                    OTHER_APPLICATION, new ApiKeys.Grant("other", "key_other", EnumSet.allOf(Permission.class)),
                    WITHOUT_AUTH,
                            new ApiKeys.Grant(
                                    "default", "key_reads", Set.of(Permission.USERS_READ, Permission.USERS_WRITE)));
            return key -> Optional.ofNullable(grants.get(key));
        }
    }

    @Test
    void anIdentityIsLinkedReadChangedAndUnlinked() {
        String id = aUserNamed(aName());
        String clientId = "  " + aName() + "-Ab ";
        Answer linked = json(
                "POST",
                providers(id),
                "{\"provider\":\"google\",\"client_id\":\"%s\",\"access_token\":\"%s\",\"access_token_expiry\":%d}"
                        .formatted(clientId, TOKEN, 4_102_444_800L));
        assertThat(linked.status()).as(linked.response().body()).isEqualTo(201);
        assertThat(linked.header("Location")).isEqualTo(providers(id) + "/google");
        assertThat(linked.header("ETag")).isEqualTo("\"2\"");
        JsonNode expected = JSON.readTree("""
                {"provider":"google","client_id":"%s","access_token":"%s","access_token_expiry":4102444800,
                 "access_token_expired":false}
                """.formatted(clientId, TOKEN));
        assertThat(linked.json()).as("kept exactly as it was sent").isEqualTo(expected);
        assertThat(get(providers(id) + "/google").json()).isEqualTo(expected);
        assertThat(get(providers(id)).json().get("data").get(0)).isEqualTo(expected);

        Answer expired = json("PATCH", providers(id) + "/google", "{\"access_token_expiry\":1}");
        assertThat(expired.status()).isEqualTo(200);
        assertThat(expired.json().get("access_token_expired").asBoolean()).isTrue();
        assertThat(expired.text("access_token")).isEqualTo(TOKEN);
        Answer cleared =
                json("PATCH", providers(id) + "/google", "{\"access_token_expiry\":null,\"access_token\":null}");
        assertThat(cleared.json())
                .isEqualTo(JSON.readTree("{\"provider\":\"google\",\"client_id\":\"%s\",\"access_token_expired\":false}"
                        .formatted(clientId)));

        assertThat(delete(providers(id) + "/google").text("client_id")).isEqualTo(clientId);
        Answer gone = get(providers(id) + "/google");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.text("error")).isEqualTo("provider_not_linked");
        assertThat(gone.json().get("code").asInt()).isEqualTo(624);
        assertThat(delete(providers(id) + "/google").status()).isEqualTo(404);
        assertThat(get(providers(id)).json().get("data").isEmpty()).isTrue();
    }

    @Test
    void aDeviceIsAUserWithoutAPassword() {
        String clientId = aName();
        Answer created = json(
                "POST",
                "/1/users",
                "{\"auth_provider\":{\"provider\":\"openudid\",\"client_id\":\"" + clientId + "\"}}");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        assertThat(created.text("username")).matches("user-[0-9a-f]{20}");
        String id = created.text("id");

        Answer signedIn = signIn("openudid", clientId);
        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.text("id")).isEqualTo(id);
        assertThat(signedIn.json().get("last_signin").isNull()).isFalse();
        assertThat(signedIn.json().get("oauth").get("client_id").asString()).isEqualTo(clientId);
        assertThat(payload(id + "/sign-ins")).contains("\"method\":\"openudid\"");

        Answer refused = delete(providers(id) + "/openudid");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("error")).isEqualTo("last_way_in");
        assertThat(delete(providers(id)).status()).isEqualTo(409);
        assertThat(json("PATCH", "/1/users/" + id, "{\"password\":\"abcd1234\"}")
                        .status())
                .isEqualTo(200);
        assertThat(delete(providers(id)).status()).isEqualTo(200);
        assertThat(signIn("openudid", clientId).status()).isEqualTo(401);
    }

    @Test
    void aFormCreatesAUserWithAPasswordAndALink() {
        String name = aName();
        Answer created = form(
                "/1/users",
                "username=" + name
                        + "&password=abcd1234&auth_provider%5Bprovider%5D=google&auth_provider%5Bclient_id%5D="
                        + name + "&auth_provider%5Baccess_token_expiry%5D=1767570574&auth_provider%5Baccess_token%5D="
                        + TOKEN);
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        Answer signedIn = signIn("google", name);
        assertThat(signedIn.json().get("oauth").get("access_token").asString()).isEqualTo(TOKEN);
        assertThat(signedIn.json().get("oauth").get("access_token_expired").asBoolean())
                .isTrue();
        assertThat(json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}")
                        .json()
                        .has("oauth"))
                .isFalse();
    }

    @Test
    void anAccessTokenIsStoredSealed() {
        String id = aUserNamed(aName());
        json("POST", providers(id) + "/google", "{\"client_id\":\"" + id + "\",\"access_token\":\"" + TOKEN + "\"}");
        assertThat(payload(id)).contains("\"sealed_token\":\"").doesNotContain(TOKEN);
    }

    @Test
    void anAccessTokenIsShownOnlyToKeysThatMaySignUsersIn() {
        String id = aUserNamed(aName());
        json("POST", providers(id) + "/google", "{\"client_id\":\"" + id + "\",\"access_token\":\"" + TOKEN + "\"}");
        Answer seen = send("GET", providers(id) + "/google", "", new byte[0], "Authorization", basic(WITHOUT_AUTH));
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.text("client_id")).isEqualTo(id);
        assertThat(seen.response().body()).doesNotContain("access_token\"").doesNotContain(TOKEN);
    }

    @Test
    void anIdentityBelongsToOneUserOfAnApplicationAndIsNotSeenFromAnother() {
        String clientId = aName();
        String ann = aUserNamed(aName());
        String bob = aUserNamed(aName());
        String body = "{\"client_id\":\"" + clientId + "\"}";
        assertThat(json("POST", providers(ann) + "/google", body).status()).isEqualTo(201);
        Answer taken = json("POST", providers(bob) + "/google", body);
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.text("error")).isEqualTo("provider_already_linked");
        assertThat(taken.json().get("code").asInt()).isEqualTo(620);
        assertThat(json("POST", providers(ann) + "/google", "{\"client_id\":\"x" + clientId + "\"}")
                        .status())
                .as("a second identity at one provider")
                .isEqualTo(409);
        assertThat(json("POST", providers(bob) + "/facebook", body).status())
                .as("the same text at another provider")
                .isEqualTo(201);
        assertThat(json(
                                "POST",
                                providers(bob) + "/google",
                                body.replace(clientId, clientId.toUpperCase(java.util.Locale.ROOT)))
                        .status())
                .as("compared case-sensitively")
                .isEqualTo(201);

        String[] elsewhere = {"Authorization", basic(OTHER_APPLICATION)};
        String credentials = "{\"provider\":\"google\",\"client_id\":\"" + clientId + "\"}";
        assertThat(json("POST", "/1/auth/signin", credentials, elsewhere).status())
                .isEqualTo(401);
        assertThat(send("GET", providers(ann), "", new byte[0], elsewhere).status())
                .isEqualTo(404);
        Answer other = json("POST", "/1/users", "{\"auth_provider\":" + credentials + "}", elsewhere);
        assertThat(other.status()).isEqualTo(201);
        assertThat(json("POST", "/1/auth/signin", credentials, elsewhere).text("id"))
                .isEqualTo(other.text("id"));
    }

    @Test
    void anIdentityIsFreeAgainWhenItIsChangedUnlinkedOrItsUserDeleted() {
        String first = aName();
        String ann = aUserNamed(aName());
        String bob = aUserNamed(aName());
        assertThat(linkGoogle(ann, first)).isEqualTo(201);
        json("PATCH", providers(ann) + "/google", "{\"client_id\":\"" + first + "2\"}");
        assertThat(linkGoogle(bob, first)).isEqualTo(201);
        assertThat(signIn("google", first).text("id")).isEqualTo(bob);
        assertThat(signIn("google", first + "2").text("id")).isEqualTo(ann);
        assertThat(json("PATCH", providers(ann) + "/google", "{\"client_id\":\"" + first + "\"}")
                        .status())
                .isEqualTo(409);
        delete(providers(bob) + "/google");
        assertThat(json("PATCH", providers(ann) + "/google", "{\"client_id\":\"" + first + "\"}")
                        .status())
                .isEqualTo(200);
        delete("/1/users/" + ann);
        assertThat(signIn("google", first).status()).isEqualTo(401);
        assertThat(linkGoogle(bob, first)).isEqualTo(201);
    }

    @Test
    void ofAHundredWhoLinkOneIdentityAtOnceOneWins() throws Exception {
        String clientId = aName();
        List<String> users = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            users.add(aUserNamed(aName()));
        }
        List<Callable<Integer>> links = users.stream()
                .<Callable<Integer>>map(id -> () -> linkGoogle(id, clientId))
                .toList();
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(32)) {
            for (Future<Integer> answer : callers.invokeAll(links)) {
                answers.add(answer.get());
            }
        }
        assertThat(answers).containsOnly(201, 409).containsOnlyOnce(201);
    }

    @Test
    void everyFaultIsToldAtOnceInItsField() {
        String id = aUserNamed(aName());
        Answer refused = json("POST", providers(id), """
                {"provider":"Google!","access_token":"%s","access_token_expiry":"soon","color":1}
                """.formatted("x".repeat(4_097)));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(faults(refused))
                .containsExactlyInAnyOrder(
                        "provider invalid",
                        "client_id missing",
                        "access_token too_long",
                        "access_token_expiry wrong_type",
                        "color unknown");
        assertThat(faults(json("POST", "/1/users", "{\"auth_provider\":{\"provider\":\"google\",\"x\":1}}")))
                .containsExactlyInAnyOrder("auth_provider.client_id missing", "auth_provider.x unknown");
        assertThat(faults(json("PATCH", providers(id) + "/google", "{\"client_id\":null}")))
                .containsExactly("client_id missing");
        assertThat(faults(json("POST", providers(id) + "/google", "{\"provider\":\"facebook\",\"client_id\":\"1\"}")))
                .containsExactly("provider invalid");
        assertThat(json("POST", "/1/auth/signin", "{\"provider\":\"google\"}").status())
                .isEqualTo(400);
    }

    @Test
    void aLinkHeedsTheVersionThatIsAskedFor() {
        String id = aUserNamed(aName());
        assertThat(json("POST", providers(id) + "/google", "{\"client_id\":\"" + id + "\"}", "If-Match", "\"7\"")
                        .status())
                .isEqualTo(412);
        assertThat(json("POST", providers(id) + "/google", "{\"client_id\":\"" + id + "\"}", "If-Match", "\"1\"")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void anInactiveUserComesInByAProviderWithoutARecordedLogin() {
        String id = aUserNamed(aName());
        linkGoogle(id, id);
        json("PATCH", "/1/users/" + id, "{\"is_active\":false}");
        Answer signedIn = signIn("google", id);
        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.json().get("validated").asBoolean()).isFalse();
        assertThat(signedIn.json().get("last_signin").isNull()).isTrue();
        assertThat(signedIn.json().get("oauth").get("provider").asString()).isEqualTo("google");
    }

    @Test
    void oneOfTheCommonestPasswordsIsRefused() {
        Answer refused = json("POST", "/1/users", "{\"username\":\"" + aName() + "\",\"password\":\"PassWord1\"}");
        assertThat(faults(refused)).containsExactly("password too_common");
        String id = aUserNamed(aName());
        assertThat(faults(json("PATCH", "/1/users/" + id, "{\"password\":\"QWERTY\"}")))
                .containsExactly("password too_common");
    }

    @Test
    void aResetTakesNoneOfTheCommonestPasswordsEither() {
        String address = aName() + "@example.com";
        form("/1/users", "email=" + address + "&password=abcd1234");
        String code = form("/1/auth/forgot-password?send_email=false", "email=" + address)
                .text("reset_code");
        assertThat(faults(form("/1/auth/reset-password", "code=" + code + "&password=QWERTY")))
                .containsExactly("password too_common");
        Answer refused = form("/reset-password", "code=" + code + "&password=QWERTY&repeat=QWERTY");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.response().body())
                .contains("one of the commonest")
                .doesNotContain("not the same")
                .doesNotContain("QWERTY");
        assertThat(form("/reset-password", "code=" + code + "&password=efgh5678&repeat=efgh5678")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theExpiryIsComparedWithThisMachinesClock() {
        String id = aUserNamed(aName());
        long soon = Instant.now().getEpochSecond() + 3_600;
        Answer linked = json(
                "POST",
                providers(id) + "/google",
                "{\"client_id\":\"" + id + "\",\"access_token_expiry\":" + soon + "}");
        assertThat(linked.json().get("access_token_expired").asBoolean()).isFalse();
        Answer past = json("PATCH", providers(id) + "/google", "{\"access_token_expiry\":" + (soon - 3_601) + "}");
        assertThat(past.json().get("access_token_expired").asBoolean()).isTrue();
    }

    private static List<String> faults(Answer refused) {
        List<String> faults = new ArrayList<>();
        for (JsonNode fault : refused.json().get("validation_error")) {
            faults.add(fault.get("field").asString() + " " + fault.get("code").asString());
        }
        return faults;
    }

    private static String providers(String id) {
        return "/1/users/" + id + "/auth-providers";
    }

    private int linkGoogle(String id, String clientId) {
        return json("POST", providers(id) + "/google", "{\"client_id\":\"" + clientId + "\"}")
                .status();
    }

    private Answer signIn(String provider, String clientId) {
        return json("POST", "/1/auth/signin", "{\"provider\":\"" + provider + "\",\"client_id\":\"" + clientId + "\"}");
    }

    private Answer get(String path) {
        return send("GET", path, "", new byte[0]);
    }

    private String payload(String aggregateId) {
        return jdbc.sql("SELECT payload FROM domain_event WHERE aggregate_id = ? ORDER BY seq DESC LIMIT 1")
                .param(aggregateId)
                .query(String.class)
                .single();
    }
}
