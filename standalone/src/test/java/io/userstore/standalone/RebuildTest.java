package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Views that are made anew from a log that has lost everything, with the history in PostgreSQL. */
class RebuildTest {
    private static final List<String> VIEWS = List.of("users", "statistics", "activity");
    private static final int LIVES = 30;

    @TempDir
    Path folder;

    @Test
    void whatTheLogHasLostIsTakenFromTheStoreAndNothingDiffers() throws Exception {
        try (RunningStandalone standalone = new RunningStandalone(folder)) {
            Client client = standalone.client();
            for (int i = 0; i < LIVES; i++) {
                new NaiveClient(client).liveOneLife();
                client.form("POST", "/1/users", "username=stays" + i + "&password=abcd1234&group=g" + i % 3);
            }
            JsonNode before = client.get("/1/users").json();
            loseAllEvents(standalone.kafka());
            new NaiveClient(client).liveOneLife();

            for (String view : VIEWS) {
                Client.Answer begun = client.send("POST", "/1/projections/" + view + "/rebuild", "");
                assertThat(begun.status()).as(begun.body()).isEqualTo(202);
                assertThat(begun.json().at("/rebuild/from").asString("")).isEqualTo("store");
            }
            for (String view : VIEWS) {
                JsonNode after = awaitSwitched(standalone, view);
                assertThat(after.at("/rebuild/comparison/differences").asInt())
                        .as(after.toString())
                        .isZero();
                assertThat(after.at("/rebuild/comparison/documents").asInt()).isPositive();
            }
            JsonNode after = client.get("/1/users").json();
            assertThat(after.at("/paging/total_count").asInt())
                    .isGreaterThanOrEqualTo(before.at("/paging/total_count").asInt());
            new NaiveClient(client).liveOneLife();
            for (String view : VIEWS) {
                Client.Answer back = client.send("POST", "/1/projections/" + view + "/rollback", "");
                assertThat(back.status()).as(back.body()).isEqualTo(200);
                assertThat(back.json().path("generation").asInt()).isEqualTo(1);
            }
            new NaiveClient(client).liveOneLife();
        }
    }

    private static JsonNode awaitSwitched(RunningStandalone standalone, String view) {
        try {
            return await().atMost(Duration.ofSeconds(300))
                    .until(
                            () -> standalone
                                    .client()
                                    .get("/1/projections/" + view)
                                    .json(),
                            entry -> entry.at("/rebuild/state").asString("").equals("switched"));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(standalone.output(), e);
        }
    }

    private static void loseAllEvents(String kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            List<TopicPartition> partitions = IntStream.range(0, Topics.DEFAULT_PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.EVENTS, partition))
                    .toList();
            Map<TopicPartition, RecordsToDelete> all = admin
                    .listOffsets(partitions.stream()
                            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            end -> RecordsToDelete.beforeOffset(end.getValue().offset())));
            admin.deleteRecords(all).all().get();
        }
    }
}
