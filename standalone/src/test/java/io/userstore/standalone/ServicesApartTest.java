package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.embedded.Ports;
import io.userstore.embedded.TestServers;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each service in a process of its own, configured by its environment alone, over three servers. */
class ServicesApartTest {
    private static final String KEY = "sk_apart_0123456789abcdef";
    private static final int LIVES = 20;

    @TempDir
    Path folder;

    private final int commandPort = Ports.free();
    private final int queryPort = Ports.free();
    private final Client client = new Client("http://127.0.0.1:" + queryPort, "http://127.0.0.1:" + commandPort, KEY);
    private final Client commandSide =
            new Client("http://127.0.0.1:" + commandPort, "http://127.0.0.1:" + commandPort, KEY);

    @Test
    void theUsersJourneyLeadsThroughBothServicesAndWritesGoOnWithoutTheQuerySide() {
        try (RunningProcess command = startCommandService()) {
            try (RunningProcess query = startQueryService()) {
                awaitReady(command, commandSide);
                awaitReady(query, client);
                for (int i = 0; i < LIVES; i++) {
                    new NaiveClient(client).liveOneLife();
                }
            }
            for (int i = 0; i < LIVES; i++) {
                assertThat(create().status()).isEqualTo(201);
            }
            String last = create().text("id");
            try (RunningProcess query = startQueryService()) {
                awaitReady(query, client);
                assertThat(client.get("/1/users/" + last).status()).isEqualTo(200);
                new NaiveClient(client).liveOneLife();
            }
        }
    }

    /** The two services learn of keys in different ways; each has to do it within a second. */
    @Test
    void aKeyHoldsOnBothServicesUntilItIsRevokedOrItsOverlapEnds() {
        try (RunningProcess command = startCommandService();
                RunningProcess query = startQueryService()) {
            awaitReady(command, commandSide);
            awaitReady(query, client);
            String application = "a" + UUID.randomUUID();
            client.json("POST", "/1/applications", "{\"name\":\"" + application + "\"}");
            String keys = "/1/applications/" + application + "/keys";
            Client.Answer first = client.json("POST", keys, "{\"permissions\":[\"users:read\",\"users:write\"]}");
            awaitStatus(200, first);

            Client.Answer second =
                    client.json("POST", keys + "/" + first.text("id") + "/rotate", "{\"overlap_seconds\":4}");
            awaitStatus(200, second);
            assertThat(read(first)).as("during the overlap").isEqualTo(200);
            await().atMost(Duration.ofSeconds(6)).until(() -> read(first) == 401 && write(first) == 401);

            assertThat(client.delete(keys + "/" + second.text("id")).status()).isEqualTo(204);
            awaitStatus(401, second);
            assertThat(write(second)).isEqualTo(401);

            Client.Answer third = client.json("POST", keys, "{\"permissions\":[\"users:read\"]}");
            awaitStatus(200, third);
            query.close();
            try (RunningProcess restarted = startQueryService()) {
                awaitReady(restarted, client);
                assertThat(read(third))
                        .as("keys are read before reads are served")
                        .isEqualTo(200);
                assertThat(read(second)).isEqualTo(401);
            }
        }
    }

    private void awaitStatus(int status, Client.Answer key) {
        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> read(key) == status);
    }

    private int read(Client.Answer key) {
        return client.with(key.text("key")).get("/1/users").status();
    }

    private int write(Client.Answer key) {
        String id = UUID.randomUUID().toString();
        // A valid key is told that there is no such user.
        return client.with(key.text("key"))
                .json("PATCH", "/1/users/" + id, "{}")
                .status();
    }

    private Client.Answer create() {
        String name = "a" + UUID.randomUUID().toString().replace("-", "");
        return client.json("POST", "/1/users", "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}");
    }

    private RunningProcess startCommandService() {
        Map<String, String> environment = environment(commandPort);
        environment.put("SPRING_DATASOURCE_URL", TestServers.jdbcUrl());
        environment.put("SPRING_DATASOURCE_USERNAME", TestServers.jdbcUsername());
        environment.put("SPRING_DATASOURCE_PASSWORD", TestServers.jdbcPassword());
        environment.put("USERSTORE_PASSWORD_MEMORYKIB", "8");
        return RunningProcess.start(Path.of("../command-service/target/command-service-app.jar"), folder, environment);
    }

    private RunningProcess startQueryService() {
        Map<String, String> environment = environment(queryPort);
        environment.put("USERSTORE_MONGODB_URI", TestServers.mongoUri());
        return RunningProcess.start(Path.of("../query-service/target/query-service-app.jar"), folder, environment);
    }

    private static Map<String, String> environment(int port) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", TestServers.kafkaBootstrapServers());
        environment.put("USERSTORE_SECRET_KEY", KEY);
        environment.put("USERSTORE_MASTER_KEY", "1f".repeat(32));
        return environment;
    }

    private static void awaitReady(RunningProcess process, Client client) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    assertThat(process.isAlive()).as(process.output()).isTrue();
                    try {
                        return client.get("/actuator/health/readiness").status() == 200;
                    } catch (UncheckedIOException e) {
                        return false;
                    }
                });
    }
}
