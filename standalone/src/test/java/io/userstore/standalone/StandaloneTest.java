package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole store as a person runs it: one process, spoken to by HTTP. */
class StandaloneTest {
    private static final int LIVES = 1_000;

    @TempDir
    static Path folder;

    private static RunningStandalone standalone;
    private static Client client;

    @BeforeAll
    static void start() {
        standalone = new RunningStandalone(folder);
        client = standalone.client();
    }

    @AfterAll
    static void stop() {
        standalone.close();
    }

    @Test
    void theExamplesOfBothProductsAreAnsweredAsTheirPagesShow() {
        Client.Answer tiny = client.json("POST", "/1/users", "{\"username\":\"tiny\",\"password\":\"abcd1234\"}");
        assertThat(tiny.status()).isEqualTo(201);
        Client.Answer john =
                client.form("POST", "/1/users", "email=john%40example.com&password=Sz4kF%5E12cpsk&username=johnsmith");
        assertThat(john.status()).as(john.body()).isEqualTo(201);
        Client.Answer tina = client.form(
                "POST", "/1/users", "email=tina%40home.com&password=abcd1234&first_name=Tina&last_name=Home");
        String id = john.text("id");

        JsonNode page = client.get("/1/users?limit=2").json();
        assertThat(page.get("paging").propertyNames())
                .contains("next", "after", "total_count")
                .doesNotContain("previous");
        assertThat(page.get("paging").get("next").asString())
                .startsWith(standalone.url() + "/1/users?")
                .contains("limit=2");
        assertThat(page.get("data").size()).isEqualTo(2);

        for (String path : List.of(id, "JOHN%40example.com?query_by=email", "JohnSmith?query_by=username")) {
            Client.Answer got = client.get("/1/users/" + path);
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.json()).isEqualTo(john.json());
        }
        assertThat(john.json().propertyNames())
                .contains(
                        "id",
                        "email",
                        "username",
                        "first_name",
                        "last_name",
                        "is_active",
                        "is_email_verified",
                        "last_signin",
                        "updated_at",
                        "created_at");

        Client.Answer renamed = client.form("PUT", "/1/users/" + id, "first_name=John&last_name=Smith");
        assertThat(renamed.json().propertyNames()).containsExactly("first_name", "last_name", "updated_at");
        assertThat(client.get("/1/users/" + id).text("last_name")).isEqualTo("Smith");

        Client.Answer byName =
                client.json("POST", "/1/auth/signin", "{\"username\":\"tiny\",\"password\":\"abcd1234\"}");
        assertThat(byName.text("id")).isEqualTo(tiny.text("id"));
        Client.Answer byEmail =
                client.json("POST", "/1/auth/signin", "{\"email\":\"tina@home.com\",\"password\":\"abcd1234\"}");
        assertThat(byEmail.text("id")).isEqualTo(tina.text("id"));
        assertThat(client.get("/1/users/" + tina.text("id")).text("last_signin"))
                .isEqualTo(byEmail.text("last_signin"))
                .isNotEmpty();

        JsonNode totals = client.get("/1/stats").json();
        assertThat(totals.get("totals").get("users").asInt()).isGreaterThanOrEqualTo(3);

        Client.Answer deleted = client.delete("/1/users/" + id);
        assertThat(deleted.text("email")).isEqualTo("john@example.com");
        assertThat(client.get("/1/users/" + id).status()).isEqualTo(404);
        assertThat(client.get("/1/users/" + id).text("error")).isEqualTo("user_not_found");
    }

    @Test
    void aClientThatKnowsNothingReadsItsOwnWritesAThousandTimes() throws Exception {
        List<Callable<Void>> lives = new ArrayList<>();
        for (int i = 0; i < LIVES; i++) {
            lives.add(() -> {
                new NaiveClient(client).liveOneLife();
                return null;
            });
        }
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            for (Future<Void> life : clients.invokeAll(lives)) {
                life.get();
            }
        }
    }

    /** Coronium's example, from the creation to the log-in of a user who may. */
    @Test
    void aUserConfirmsByTheMailInTheMailbox() throws Exception {
        long pending = totals("pending");
        Client.Answer created = client.json("POST", "/1/users", """
                {"username":"skipper","password":"abcd1234","email":"skipper@example.com",
                 "confirmation":{"subject":"Please confirm"}}""");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String id = created.text("id");
        assertThat(client.get("/1/users/" + id).text("confirmation")).isEqualTo("pending");
        assertThat(totals("pending")).isEqualTo(pending + 1);
        assertThat(client.form("POST", "/1/auth/signin", "username=skipper&password=abcd1234")
                        .json()
                        .get("validated")
                        .asBoolean())
                .isFalse();

        String link = await().atMost(Duration.ofSeconds(60))
                .until(() -> linkTo("skipper@example.com"), found -> !found.isEmpty());
        // That it was sent is recorded after that, and not at all once it is confirmed.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.get("/1/users/" + id + "/activity").body().contains("user.confirmation-mail-sent"));
        assertThat(link).startsWith(standalone.url() + "/confirm?code=");
        assertThat(client.get(link.substring(standalone.url().length())).status())
                .isEqualTo(200);
        Client.Answer confirmed = client.form("POST", "/confirm", link.substring(link.indexOf('?') + 1));
        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);

        JsonNode user = client.get("/1/users/" + id).json();
        assertThat(user.get("validated").asBoolean()).isTrue();
        assertThat(user.get("is_email_verified").asBoolean()).isTrue();
        assertThat(user.has("confirmation")).isFalse();
        assertThat(totals("pending")).isEqualTo(pending);
        assertThat(client.get("/1/users/" + id + "/activity").body())
                .contains("user.confirmation-mail-sent", "user.email-verified", "user.activated");
        assertThat(Files.readString(folder.resolve("data/master-key"))).hasSize(45);
        assertThat(Files.readString(folder.resolve("data/signing-key"))).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(Files.getPosixFilePermissions(folder.resolve("data/signing-key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(folder.resolve("data/master-key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private static long totals(String name) {
        return client.get("/1/stats").json().get("totals").get(name).asLong();
    }

    private static String linkTo(String address) {
        for (JsonNode mail : client.get("/dev/mailbox").json().get("data")) {
            if (mail.get("to").asString().equals(address)) {
                return mail.get("text").asString().replaceAll("(?s).*?(http\\S+).*", "$1");
            }
        }
        return "";
    }

    @Test
    void aDeviceComesInByItsProviderAndIsFoundByIt() throws IOException {
        String identity = "{\"provider\":\"openudid\",\"client_id\":\"Device-7\",\"access_token\":\"t0ken\"}";
        Client.Answer device = client.json("POST", "/1/users", "{\"auth_provider\":" + identity + "}");
        assertThat(device.status()).as(device.body()).isEqualTo(201);
        Client.Answer signedIn =
                client.json("POST", "/1/auth/signin", "{\"provider\":\"openudid\",\"client_id\":\"Device-7\"}");
        assertThat(signedIn.json().at("/oauth/access_token").asString()).isEqualTo("t0ken");
        JsonNode found =
                client.get("/1/users?provider=openudid&client_id=Device-7").json();
        assertThat(found.at("/data/0/id").asString()).isEqualTo(device.text("id"));
        assertThat(client.get("/1/users/" + device.text("id") + "/auth-providers/openudid")
                        .text("client_id"))
                .isEqualTo("Device-7");
        assertThat(client.get("/1/users/" + device.text("id") + "/activity").body())
                .contains("user.auth-provider-linked")
                .doesNotContain("t0ken");
        assertThat(Files.getPosixFilePermissions(folder.resolve("data/master-key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aMasterKeyOfAWrongLengthIsToldInOneSentence() throws Exception {
        try (RunningProcess second = standalone.another(Map.of(
                "userstore.master-key", "tooshort",
                "userstore.data-directory", "elsewhere",
                "server.port", Ports.free(),
                "userstore.kafka.port", Ports.free(),
                "userstore.postgres.port", Ports.free(),
                "userstore.mongodb.port", Ports.free()))) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.output())
                    .contains("userstore.master-key: the master key must be 32 bytes")
                    .doesNotContain("tooshort")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void hostileReadsAreRefusedClearly() {
        for (String path : List.of(
                "/1/users?limit=-1",
                "/1/users?limit=99999999999999999999",
                "/1/users?after=x",
                "/1/users?after=1&before=2",
                "/1/users?sort=username&after=987654321",
                "/1/users?q=%00",
                "/1/users?q=%ff",
                "/1/users?q=%ed%a0%80",
                "/1/users?%24where=1",
                "/1/users?created_after=yesterday",
                "/1/stats?interval=century",
                "/1/stats?from=1970-01-01&interval=hour")) {
            Client.Answer refused = client.get(path);
            assertThat(refused.status()).as(path + " " + refused.body()).isEqualTo(400);
            assertThat(refused.json().get("status").asInt()).isEqualTo(400);
        }
        for (String path : List.of("/1/users/nobody", "/1/users/%24ne?query_by=username", "/1/nothing", "/nothing")) {
            assertThat(client.get(path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void aSecondInstanceOnTheSameFolderIsRefusedInOneSentence() throws Exception {
        try (RunningProcess second = standalone.another(Map.of(
                "server.port", Ports.free(),
                "userstore.kafka.port", Ports.free(),
                "userstore.postgres.port", Ports.free(),
                "userstore.mongodb.port", Ports.free()))) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.output())
                    .contains("another process uses the data directory")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aPortInUseIsNamedWithItsPropertyInOneSentence() throws Exception {
        try (RunningProcess second = standalone.another(Map.of("userstore.data-directory", "elsewhere"))) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.output()).contains("server.port").doesNotContain("\tat ");
        }
    }

    @Test
    void healthTellsOfEveryServerAndMetricsOfEveryStage() {
        String health = client.get("/actuator/health/readiness").body();
        assertThat(health).contains("mongodb", "kafka", "db", "projections").contains("\"UP\"");
        assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
        client.json("POST", "/1/auth/signin", "{\"username\":\"nobody\",\"password\":\"abcd1234\"}");
        assertThat(client.get("/actuator/prometheus").body())
                .contains(
                        "userstore_commands_seconds",
                        "userstore_password_queue",
                        "userstore_publisher_position",
                        "userstore_publisher_lag",
                        "userstore_append_seconds",
                        "userstore_projection_lag_events",
                        "userstore_projection_lag_seconds");
    }
}
