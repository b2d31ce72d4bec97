package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call that takes or makes a secret is made; none of them is in any topic, log, metric or database afterwards. */
class SecretsTest {
    private static final String BCRYPT = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    @TempDir
    private Path folder;

    private final List<String> secrets = new ArrayList<>(List.of(
            "marked-password",
            "marked-token",
            "marked-idempotency",
            "argon2",
            BCRYPT,
            // What a header says may be written down by those who trust nobody to read it.
            RunningStandalone.KEY));

    @Test
    void noSecretIsInAnyTopicLogMetricOrDatabase() throws Exception {
        try (RunningStandalone standalone = new RunningStandalone(folder)) {
            Client client = standalone.client();
            aLifeFullOfSecrets(client);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(metrics(client)).contains("userstore_publisher_lag_events 0.0"));
            assertThat(secrets).hasSizeGreaterThan(9);
            assertThat(metrics(client)).doesNotContain(secrets);
            assertThat(standalone.output()).doesNotContain(secrets);
            standalone.close();
            assertThat(search(folder)).isEmpty();
        }
    }

    private void aLifeFullOfSecrets(Client client) {
        Client.Answer created = client.send(
                "POST",
                "/1/users?verify_user=true",
                "{\"username\":\"holder\",\"email\":\"holder@example.com\",\"password\":\"marked-password-1\"}",
                "Idempotency-Key",
                "marked-idempotency-key");
        String path = "/1/users/" + expect(201, created).text("id");
        String code = remember(created.text("verification_code"));
        expect(200, client.get("/1/tokens/" + code));
        expect(200, client.json("POST", "/1/auth/verify", "{\"code\":\"" + code + "\"}"));
        expect(410, client.json("POST", "/1/auth/verify", "{\"code\":\"" + code + "\"}"));
        expect(200, client.json("PATCH", path, "{\"password\":\"marked-password-2\"}"));
        expect(400, client.json("PATCH", path, "{\"password\":\"marked-password-3\",\"unknown\":1}"));
        expect(400, client.json("POST", "/1/users", "{\"username\":\"x\",\"password\":\"marked-password-4\",,}"));
        expect(401, signIn(client, "marked-password-wrong"));
        expect(200, signIn(client, "marked-password-2"));
        String id = created.text("id");
        expect(
                200,
                client.json("POST", "/1/auth/confirm", "{\"id\":\"" + id + "\",\"password\":\"marked-password-2\"}"));
        Client.Answer forgot =
                client.json("POST", "/1/auth/forgot-password?send_email=false", "{\"email\":\"holder@example.com\"}");
        String reset = remember(expect(200, forgot).text("reset_code"));
        expect(
                200,
                client.json(
                        "POST",
                        "/1/auth/reset-password",
                        "{\"code\":\"" + reset + "\",\"password\":\"marked-password-5\"}"));
        expect(
                201,
                client.json(
                        "POST",
                        path + "/auth-providers/google",
                        "{\"client_id\":\"c-1\",\"access_token\":\"marked-token-1\"}"));
        expect(200, client.json("PATCH", path + "/auth-providers/google", "{\"access_token\":\"marked-token-2\"}"));
        expect(
                200,
                client.ndjson(
                        "/1/users/import",
                        "{\"username\":\"one\",\"password\":\"marked-password-6\"}\n"
                                + "{\"username\":\"two\",\"password_hash\":\"{bcrypt}" + BCRYPT + "\"}\n"
                                + "{\"username\":\"three\",\"password_hash\":\"marked-password-7\"}\n"));
        expect(201, client.json("POST", "/1/applications", "{\"name\":\"shop\"}"));
        Client.Answer key = client.json("POST", "/1/applications/shop/keys", "{\"permissions\":[\"users:read\"]}");
        remember(expect(201, key).text("key"));
        Client.Answer rotated = client.json("POST", "/1/applications/shop/keys/" + key.text("id") + "/rotate", "{}");
        remember(rotated.text("key"));
        expect(401, client.with("marked-password-as-key-0123").get("/1/users"));
        expect(200, client.get(path + "/activity"));
        expect(200, client.get(path + "/export"));
        expect(200, client.delete(path));
    }

    private static Client.Answer signIn(Client client, String password) {
        return client.json("POST", "/1/auth/signin", "{\"username\":\"holder\",\"password\":\"" + password + "\"}");
    }

    private static Client.Answer expect(int status, Client.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    private String remember(String secret) {
        assertThat(secret).isNotEmpty();
        secrets.add(secret);
        return secret;
    }

    private static String metrics(Client client) {
        return client.get("/actuator/prometheus").body();
    }

    /** Which secret stands in which file: topics, read models, tables and what was printed. */
    private List<String> search(Path data) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                secrets.stream().filter(text::contains).forEach(secret -> found.add(secret + " in " + file));
            }
        }
        return found;
    }
}
