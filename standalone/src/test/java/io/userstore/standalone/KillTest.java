package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.audit.EventLeaf;
import io.userstore.api.audit.Frontier;
import io.userstore.api.audit.Hash;
import io.userstore.api.event.Topics;
import io.userstore.standalone.HistoryFold.Person;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The power of an acknowledgement: whatever happens after it, the write is there. */
class KillTest {
    private static final int ROUNDS = 5;
    private static final int WRITES_PER_ROUND = 400;
    private static final int CLIENTS = 8;

    @TempDir
    Path folder;

    /** By id, what was acknowledged last of a user. */
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();

    private final AtomicInteger names = new AtomicInteger();

    @Test
    void afterAKillEveryAcknowledgedWriteIsThereOnceAndTheReadModelsAreThoseOfAllEvents() throws Exception {
        try (RunningStandalone standalone = new RunningStandalone(folder)) {
            for (int round = 0; round < ROUNDS; round++) {
                killInTheMiddleOfWriting(standalone);
                standalone.startAgain();
                awaitPublished(standalone);
                verify(standalone);
            }
            eachPublishedEventIsOneLeaf(standalone);
            assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * WRITES_PER_ROUND / 10);
        }
    }

    private void killInTheMiddleOfWriting(RunningStandalone standalone) throws InterruptedException {
        CountDownLatch half = new CountDownLatch(WRITES_PER_ROUND / 2);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> writeUntilKilled(standalone.client(), half));
            }
            half.await();
            standalone.kill();
        }
    }

    private void writeUntilKilled(Client client, CountDownLatch half) {
        try {
            for (int i = 0; i < WRITES_PER_ROUND / CLIENTS; i++) {
                String name = "k" + names.incrementAndGet();
                Client.Answer created =
                        client.json("POST", "/1/users", "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}");
                assertThat(created.status()).as(created.body()).isEqualTo(201);
                acknowledged.put(created.text("id"), 1L);
                half.countDown();
                if (i % 4 == 0) {
                    Client.Answer updated =
                            client.json("PATCH", "/1/users/" + created.text("id"), "{\"group\":\"" + name + "\"}");
                    assertThat(updated.status()).as(updated.body()).isEqualTo(200);
                    acknowledged.put(created.text("id"), 2L);
                }
            }
        } catch (UncheckedIOException killed) {
            // The server went away in the middle of a request, as it should here: that write was not acknowledged.
            half.countDown();
        }
    }

    /** What was committed and not acknowledged when the kill came is published after the start, and read soon after. */
    private static void awaitPublished(RunningStandalone standalone) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            String metrics = standalone.client().get("/actuator/prometheus").body();
            assertThat(metrics).contains("userstore_publisher_lag_events 0.0");
        });
        Map<String, Person> published =
                HistoryFold.of(standalone.kafka(), standalone.masterKeys()).people();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode totals = standalone.client().get("/1/stats").json().get("totals");
            assertThat(totals.get("users").asInt()).isEqualTo(published.size());
            assertThat(everybody(standalone.client())).isEqualTo(published);
        });
    }

    private void verify(RunningStandalone standalone) {
        Map<String, Person> listed = everybody(standalone.client());
        acknowledged.forEach((id, version) -> {
            assertThat(listed)
                    .hasEntrySatisfying(
                            id, person -> assertThat(person.version()).isGreaterThanOrEqualTo(version));
        });
        assertThat(listed.values().stream().map(Person::username)).doesNotHaveDuplicates();
        assertThat(listed)
                .isEqualTo(HistoryFold.of(standalone.kafka(), standalone.masterKeys())
                        .people());
        JsonNode totals = standalone.client().get("/1/stats").json().get("totals");
        assertThat(totals.get("users").asInt()).isEqualTo(listed.size());
        assertThat(totals.get("active").asInt()).isEqualTo(listed.size());
    }

    /** The root that was signed is that of what Kafka holds, each event once: none is missing, and none is there twice. */
    private static void eachPublishedEventIsOneLeaf(RunningStandalone standalone) {
        Map<String, Hash> published = new HashMap<>();
        HistoryFold.read(standalone.kafka(), Topics.EVENTS, one -> {
            Function<String, byte @Nullable []> header =
                    name -> one.headers().lastHeader(name).value();
            String id = new String(one.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
            Hash leaf = EventLeaf.hash(header, one.value()).orElseThrow();
            Hash before = published.put(id, leaf);
            assertThat(before == null || before.equals(leaf))
                    .as("published again as it was")
                    .isTrue();
        });
        Client client = standalone.client();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(client.get("/1/audit/head")
                                .json()
                                .path("tree_size")
                                .asInt())
                        .isEqualTo(published.size()));
        Hash[] leaves = new Hash[published.size()];
        published.forEach((id, leaf) -> {
            JsonNode proof = client.get("/1/audit/proofs/inclusion?event=" + id).json();
            leaves[proof.get("leaf_index").asInt()] = leaf;
        });
        Frontier tree = Frontier.empty();
        for (Hash leaf : leaves) {
            assertThat(leaf).isNotNull();
            tree.append(leaf, (subtree, hash) -> {});
        }
        assertThat(tree.root().base64()).isEqualTo(client.get("/1/audit/head").text("root_hash"));
    }

    private static Map<String, Person> everybody(Client client) {
        Map<String, Person> everybody = new TreeMap<>();
        List<String> pages = new ArrayList<>(List.of("/1/users?limit=1000"));
        while (!pages.isEmpty()) {
            Client.Answer page = client.get(pages.removeFirst());
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            for (JsonNode user : page.json().get("data")) {
                Person before = everybody.put(
                        user.get("id").asString(),
                        new Person(
                                user.get("username").asString(),
                                user.has("group") ? user.get("group").asString() : null,
                                user.get("version").asLong()));
                assertThat(before).as("listed twice").isNull();
            }
            JsonNode paging = page.json().get("paging");
            if (paging.has("next")) {
                pages.add("/1/users?limit=1000&after=" + paging.get("after").asLong());
            } else {
                assertThat(paging.get("total_count").asInt()).isEqualTo(everybody.size());
            }
        }
        return everybody;
    }
}
