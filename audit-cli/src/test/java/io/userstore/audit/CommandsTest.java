package io.userstore.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.Topics;
import io.userstore.audit.AuditedStore.Run;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.LogRecord;
import io.userstore.embedded.TestServers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Each command, through the entry that people use, on a store that runs. */
class CommandsTest {
    private static final AuditedStore STORE = AuditedStore.running();
    private static final String NAME = "c" + UUID.randomUUID().toString().substring(0, 8);
    private static String user = "";

    @BeforeAll
    static void aHistory() {
        user = STORE.aLife(NAME);
        STORE.awaitSigned();
    }

    @Test
    void theHistoryOfAUserIsToldInOrderAndOpened() {
        Run run = STORE.run("history", user, "--output=json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.rows())
                .extracting(row -> row.path("type").asString(""))
                .startsWith("user.created")
                .containsSubsequence("user.login-recorded", "user.profile-updated", "user.email-changed")
                .contains("user.login-failed", "user.auth-provider-linked", "user.signed-out");
        assertThat(run.rows()
                        .getFirst()
                        .path("data")
                        .path("personal")
                        .path("username")
                        .asString(""))
                .isEqualTo(NAME);
        assertThat(STORE.run("history", user).out()).startsWith("time ").contains("user.created", "v1");
    }

    @Test
    void aDeletedUserHasAHistoryWithoutWhatWasPersonal() {
        String gone = STORE.aLife("d" + UUID.randomUUID().toString().substring(0, 8));
        STORE.call("DELETE", "/1/users/" + gone, "");
        Run run = STORE.run("history", gone, "--output=json");
        assertThat(run.rows().getFirst().path("data").path("personal").asString(""))
                .isEqualTo("sealed");
        assertThat(run.rows().getLast().path("type").asString("")).isEqualTo("user.deleted");
    }

    @Test
    void aUserIsShownAsOfATimeAndAsTheReadModelHasThem() {
        Run now = STORE.run("as-of", user, "2999-01-01", "--output=json");
        assertThat(now.exitCode()).as(now.err()).isZero();
        JsonNode view = now.rows().getFirst();
        JsonNode served = AuditedStore.JSON.readTree(STORE.call("GET", "/1/users/" + user, ""));
        for (String field :
                List.of("email", "username", "first_name", "group", "extra", "is_active", "updated_at", "version")) {
            assertThat(view.path(field)).as(field).isEqualTo(served.path(field));
        }
        assertThat(STORE.run("as-of", user, "2001-01-01").exitCode()).isEqualTo(4);
        assertThat(STORE.run("as-of", user, "yesterday").exitCode()).isEqualTo(2);
    }

    @Test
    void whatChangedBetweenTwoVersionsIsTold() {
        Run run = STORE.run("diff", user, 1, 2, "--output=json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.rows())
                .extracting(row -> row.path("field").asString(""))
                .contains("first_name", "group", "extra", "version")
                .doesNotContain("email", "username");
        assertThat(STORE.run("diff", user, 2, 1).exitCode()).isEqualTo(2);
        assertThat(STORE.run("diff", user, 1, 99).exitCode()).isEqualTo(4);
    }

    @Test
    void theLogIsShownFiltered() {
        STORE.aLife("f" + UUID.randomUUID().toString().substring(0, 8));
        Run run = STORE.run("tail", "--from-beginning", "--count=2", "--type=user.login-failed", "--output=json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.rows())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.path("type").asString("")).isEqualTo("user.login-failed"));
        assertThat(STORE.run("tail", "--type=user.nonsense").exitCode()).isEqualTo(2);
    }

    @Test
    void eventsAreCounted() {
        Run run = STORE.run("stats", "--output=json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.rows().getLast().path("log_partitions").asInt()).isEqualTo(12);
        assertThat(run.out()).contains("\"type\":\"user.created\"");
        assertThat(STORE.run("stats").out()).contains("tree_size");
    }

    @Test
    void aReplayIsTheSameBytes() throws Exception {
        String target = "replay-" + UUID.randomUUID();
        Run run = STORE.run("replay", "--to-topic=" + target, "--type=user.created,user.profile-updated");
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<LogRecord> expected = records(Topics.EVENTS).stream()
                .filter(one -> one.text("ce_type").contains("user.created")
                        || one.text("ce_type").contains("user.profile-"))
                .toList();
        List<LogRecord> copies = records(target);
        assertThat(copies).hasSameSizeAs(expected).isNotEmpty();
        for (int i = 0; i < copies.size(); i++) {
            LogRecord copy = copies.get(i);
            LogRecord original = expected.get(i);
            assertThat(Arrays.equals(copy.raw().key(), original.raw().key())).isTrue();
            assertThat(Arrays.equals(copy.raw().value(), original.raw().value()))
                    .isTrue();
            assertThat(copy.raw().headers()).isEqualTo(original.raw().headers());
            assertThat(copy.raw().timestamp()).isEqualTo(original.raw().timestamp());
        }
        assertThat(STORE.run("replay", "--to-topic=" + target).exitCode()).isEqualTo(2);
        assertThat(STORE.run("replay", "--to-topic=" + target, "--to=2001-01-01", "--append", "--rate=5")
                        .exitCode())
                .isZero();
        assertThat(STORE.run("replay", "--to-topic=" + Topics.EVENTS).exitCode())
                .isEqualTo(2);
    }

    @Test
    void aViewIsRebuiltAndGoneBackFrom() {
        Run run = STORE.runOnService("rebuild", "activity", "--switch=always", "--output=json");
        assertThat(run.exitCode()).as(run.out() + run.err()).isIn(0, 1);
        JsonNode entry = run.rows().getFirst();
        assertThat(entry.at("/rebuild/state").asString("")).as(run.out()).isEqualTo("switched");
        assertThat(entry.at("/rebuild/done").asLong()).isPositive();
        long generation = entry.path("generation").asLong();

        Run back = STORE.runOnService("rebuild", "activity", "--rollback");
        assertThat(back.out()).contains("rolled_back", "activity");
        assertThat(STORE.runOnService("rebuild", "activity", "--follow", "--output=json")
                        .rows()
                        .getFirst()
                        .path("generation")
                        .asLong())
                .isLessThan(generation);
        assertThat(STORE.runOnService("rebuild", "activity", "--cancel").exitCode())
                .isIn(0, 1);

        assertThat(STORE.runOnService("rebuild", "nothing").exitCode()).isEqualTo(3);
        assertThat(STORE.runOnService("rebuild", "../users").exitCode()).isEqualTo(2);
        assertThat(STORE.runOnService("rebuild", "users", "--switch=never").exitCode())
                .isEqualTo(3);
        assertThat(STORE.runOnService("rebuild", "users", "--rollback", "--cancel")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void aDeadLetterIsListedUntilItIsDiscarded() throws Exception {
        aDeadLetterOf("users", 77);
        Run list = STORE.run("dead-letters list", "--output=json");
        assertThat(list.exitCode()).as(list.err()).isZero();
        JsonNode letter = list.rows().getLast();
        assertThat(letter.path("log").asString("")).isEqualTo("5:77");
        assertThat(letter.path("projection").asString("")).isEqualTo("users");

        assertThat(STORE.run("dead-letters discard", "11:999").exitCode()).isEqualTo(2);
        assertThat(STORE.run("dead-letters discard", letter.path("letter").asString(""))
                        .exitCode())
                .isZero();
        assertThat(STORE.run("dead-letters list", "--output=json").out()).doesNotContain("5:77");
    }

    @Test
    void aDeadLetterWhoseViewTakesAllRecordsIsGoneAfterARetry() throws Exception {
        aDeadLetterOf("activity", 78);
        String letter = STORE.run("dead-letters list", "--output=json")
                .rows()
                .getLast()
                .path("letter")
                .asString("");
        Run retry = STORE.run("dead-letters retry", letter);
        assertThat(retry.exitCode()).as(retry.out() + retry.err()).isZero();
        assertThat(retry.out()).contains("activity: switched, 0 records refused");
        assertThat(STORE.run("dead-letters list").out()).doesNotContain("5:78");

        assertThat(STORE.run("dead-letters retry").exitCode()).isEqualTo(2);
        assertThat(STORE.run("dead-letters retry", "11:999").exitCode()).isEqualTo(2);
    }

    @Test
    void aDeadLetterOfAViewThatIsNotThereStays() throws Exception {
        aDeadLetterOf("former_view", 79);
        Run retry = STORE.run("dead-letters retry", "--all");
        assertThat(retry.exitCode()).as(retry.out() + retry.err()).isEqualTo(3);
        Run list = STORE.run("dead-letters list", "--output=json");
        assertThat(list.out()).contains("5:79");
        assertThat(STORE.run("dead-letters discard", "--all").exitCode()).isZero();
    }

    /** A record that is no event, and so is none that a view could take. */
    private static void aDeadLetterOf(String view, long offset) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.DEAD_LETTERS,
                            5,
                            bytes(user),
                            bytes("{}"),
                            List.of(
                                    header("dlt_cause", "undecodable: x"),
                                    header("dlt_projection", view),
                                    header("dlt_partition", "5"),
                                    header("dlt_offset", Long.toString(offset)))))
                    .get();
        }
    }

    private static org.apache.kafka.common.header.Header header(String name, String value) {
        return new org.apache.kafka.common.header.internals.RecordHeader(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "history",
                "as-of",
                "diff",
                "tail",
                "stats",
                "verify",
                "export",
                "replay",
                "dead-letters",
                "dead-letters list",
                "dead-letters retry",
                "dead-letters discard"
            })
    void helpTeachesWithExamples(String command) {
        String line = (command + " --help").strip();
        Run run = AuditedStore.tool(line.split(" "));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Examples:", ("userstore-audit " + command).strip());
    }

    @Test
    void theExitCodeTellsWhatWentWrong() {
        assertThat(AuditedStore.tool().exitCode()).isEqualTo(2);
        assertThat(AuditedStore.tool("history").exitCode()).isEqualTo(2);
        assertThat(AuditedStore.tool("history", "tina", "--jdbc-url=x").exitCode())
                .isEqualTo(2);
        Run away = AuditedStore.tool("history", user, "--jdbc-url=jdbc:postgresql://127.0.0.1:1/none");
        assertThat(away.exitCode()).isEqualTo(3);
        assertThat(away.err()).startsWith("userstore-audit: PostgreSQL: ");
        assertThat(STORE.run("history", UUID.randomUUID()).exitCode()).isEqualTo(4);
    }

    @Test
    void progressTellsShareRateAndWhatIsLeft() {
        assertThat(Progress.text("comparing", 5_000, 20_000, 10))
                .isEqualTo("comparing [#######.......................]  25 %  5,000  500/s  0:30 left");
        assertThat(Progress.text("counting", 0, 0, 1)).isEqualTo("counting ");
    }

    private static List<LogRecord> records(String topic) throws Exception {
        List<LogRecord> all = new ArrayList<>();
        try (EventTopic events = new EventTopic(TestServers.kafkaBootstrapServers(), topic)) {
            for (EventTopic.Range range : events.ranges()) {
                events.read(range, all::addAll);
            }
        }
        return all;
    }
}
