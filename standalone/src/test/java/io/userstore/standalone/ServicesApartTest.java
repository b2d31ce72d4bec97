package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each service in a process of its own, configured by its environment alone, over three servers. */
class ServicesApartTest {
    private static final int LIVES = 20;
    private static final int IMPORTED = 2_000;
    private static final String HASH = "{bcrypt}$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private final ServicesApart services = new ServicesApart(folder, Map.of());
    private final Client client = services.client();

    @Test
    void theUsersJourneyLeadsThroughBothServicesAndWritesGoOnWithoutTheQuerySide() {
        try (RunningProcess command = services.startCommandService()) {
            try (RunningProcess query = services.startQueryService()) {
                for (int i = 0; i < LIVES; i++) {
                    new NaiveClient(client).liveOneLife();
                }
            }
            writesGoOnWithABoundedDelayAndSoonNone();
            String last = create().text("id");
            try (RunningProcess query = services.startQueryService()) {
                assertThat(client.get("/1/users/" + last).status()).isEqualTo(200);
                // Writes wait again from when the query side says that it is back.
                await().atMost(PATIENCE)
                        .until(() -> create().header("Projection").isEmpty());
                new NaiveClient(client).liveOneLife();
            }
        }
    }

    private void writesGoOnWithABoundedDelayAndSoonNone() {
        for (int i = 0; i < LIVES; i++) {
            Client.Answer created = create();
            assertThat(created.status()).isEqualTo(201);
            assertThat(created.header("Projection")).isEqualTo("pending");
        }
        await("a write that does not wait").atMost(Duration.ofSeconds(60)).until(() -> {
            long begin = System.nanoTime();
            create();
            return System.nanoTime() - begin < ServicesApart.MAX_WAIT.toNanos() / 2;
        });
    }

    /** The two services learn of keys in different ways. */
    @Test
    void aKeyHoldsOnBothServicesUntilItIsRevokedOrItsOverlapEnds() {
        try (RunningProcess command = services.startCommandService();
                RunningProcess query = services.startQueryService()) {
            String application = "a" + UUID.randomUUID();
            client.json("POST", "/1/applications", "{\"name\":\"" + application + "\"}");
            String keys = "/1/applications/" + application + "/keys";
            Client.Answer first = client.json("POST", keys, "{\"permissions\":[\"users:read\",\"users:write\"]}");
            awaitStatus(200, first);

            Client.Answer second = rotated(first, keys, 600);
            awaitStatus(200, second);
            assertThat(read(first)).as("during the overlap").isEqualTo(200);
            Client.Answer last = rotated(second, keys, 1);
            awaitStatus(200, last);
            await().atMost(PATIENCE).until(() -> read(second) == 401 && write(second) == 401);

            assertThat(client.delete(keys + "/" + last.text("id")).status()).isEqualTo(204);
            awaitStatus(401, last);
            assertThat(write(last)).isEqualTo(401);
            bothKnowWithinASecond(keys);

            Client.Answer third = client.json("POST", keys, "{\"permissions\":[\"users:read\"]}");
            awaitStatus(200, third);
            query.close();
            try (RunningProcess restarted = services.startQueryService()) {
                assertThat(read(third))
                        .as("keys are read before reads are served")
                        .isEqualTo(200);
                assertThat(read(last)).isEqualTo(401);
            }
        }
    }

    private Client.Answer rotated(Client.Answer key, String keys, int overlapSeconds) {
        return client.json(
                "POST", keys + "/" + key.text("id") + "/rotate", "{\"overlap_seconds\":" + overlapSeconds + "}");
    }

    /** As promised, when the machine has the time for it: of some keys one is enough. */
    private void bothKnowWithinASecond(String keys) {
        await().atMost(PATIENCE).until(() -> {
            Instant begin = Instant.now();
            Client.Answer key = client.json("POST", keys, "{\"permissions\":[\"users:read\",\"users:write\"]}");
            awaitStatus(200, key);
            Instant known = Instant.now();
            client.delete(keys + "/" + key.text("id"));
            awaitStatus(401, key);
            Instant forgotten = Instant.now();
            assertThat(write(key)).isEqualTo(401);
            return known.isBefore(begin.plusSeconds(1)) && forgotten.isBefore(known.plusSeconds(1));
        });
    }

    /** Tomcat answers these before any of our code runs. */
    @Test
    void whatARequestHoldsThatCannotBeParsedIsNotInTheLog() throws IOException {
        try (RunningProcess command = services.startCommandService();
                RunningProcess query = services.startQueryService()) {
            for (String url : List.of(services.commandUrl(), services.queryUrl())) {
                assertThat(answerTo("GET /1/tokens/marked-code{ HTTP/1.1\r\nHost: x\r\n\r\n", url))
                        .startsWith("HTTP/1.1 400");
                assertThat(answerTo("GET /1/users HTTP/1.1\r\nHost: x\r\nmarked@example.com: x\r\n\r\n", url))
                        .startsWith("HTTP/1.1 400");
            }
            assertThat(command.output()).doesNotContain("marked");
            assertThat(query.output()).doesNotContain("marked");
        }
    }

    private static String answerTo(String request, String url) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    /** In the standalone the read models go with the process, and are made anew as a whole. */
    @Test
    void aRebuildWhoseOnlyInstanceWasKilledInTheMiddleIsCarriedToItsEnd() throws Exception {
        // One event at a time, so that there is time to be killed in.
        ServicesApart slow = new ServicesApart(
                folder, Map.of("USERSTORE_QUERY_REBUILD_BATCHSIZE", "1", "USERSTORE_QUERY_REBUILD_THREADS", "1"));
        Client reads = new Client(slow.queryUrl(), slow.queryUrl(), ServicesApart.KEY);
        try (RunningProcess command = slow.startCommandService()) {
            String group = "g" + UUID.randomUUID();
            String lines = IntStream.range(0, IMPORTED)
                    .mapToObj(i -> "{\"username\":\"" + group + i + "\",\"group\":\"" + group
                            + "\",\"password_hash\":\"" + HASH + "\"}")
                    .collect(Collectors.joining("\n"));
            try (RunningProcess query = slow.startQueryService()) {
                assertThat(slow.client().ndjson("/1/users/import", lines).status())
                        .isEqualTo(200);
                assertThat(reads.send("POST", "/1/projections/users/rebuild", "")
                                .status())
                        .isEqualTo(202);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> rebuild(reads).path("done").asLong(0) > 0);
                assertThat(rebuild(reads).path("state").asString("")).isEqualTo("filling");
                query.kill();
            }
            try (RunningProcess query = slow.startQueryService()) {
                JsonNode over = await().atMost(PATIENCE.multipliedBy(3))
                        .until(
                                () -> rebuild(reads),
                                rebuild -> rebuild.path("state").asString("").equals("switched"));
                assertThat(over.at("/comparison/differences").asInt(-1))
                        .as(over.toString())
                        .isZero();
                assertThat(reads.get("/1/users?limit=1&group=" + group)
                                .json()
                                .at("/paging/total_count")
                                .asInt())
                        .isEqualTo(IMPORTED);
                new NaiveClient(slow.client()).liveOneLife();
            }
        }
    }

    private static JsonNode rebuild(Client reads) {
        return reads.get("/1/projections/users").json().path("rebuild");
    }

    private void awaitStatus(int status, Client.Answer key) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> read(key) == status);
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
}
