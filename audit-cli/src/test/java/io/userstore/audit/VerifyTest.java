package io.userstore.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.Topics;
import io.userstore.audit.AuditedStore.Run;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.EventTopic.Range;
import io.userstore.audit.source.LogRecord;
import io.userstore.embedded.TestServers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whatever is changed in the history of a real store is found and named; nothing else is. */
class VerifyTest {
    private static final AuditedStore STORE = AuditedStore.running();
    private static String tina = "";

    @TempDir
    private Path folder;

    @BeforeAll
    static void aHistory() {
        tina = STORE.aLife("tina" + UUID.randomUUID().toString().substring(0, 8));
        for (int i = 0; i < 20; i++) {
            STORE.aLife("u" + UUID.randomUUID().toString().substring(0, 12));
        }
        STORE.call(
                "DELETE",
                "/1/users/" + STORE.aLife("gone" + UUID.randomUUID().toString().substring(0, 8)),
                "");
        STORE.awaitSigned();
    }

    private static Run verify(Object... more) {
        return verifyOn(Topics.EVENTS, more);
    }

    private static Run verifyOn(String topic, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("--output=json", "--public-key=" + STORE.publicKey()));
        arguments.addAll(List.of(more));
        return STORE.runOn(topic, "verify", arguments.toArray());
    }

    /** An event of Tina's by its type: its id and position. */
    private static Map<String, Object> event(String type) {
        return STORE.jdbc()
                .query(
                        "SELECT global_index, event_id FROM domain_event WHERE payload_type = ? AND aggregate_id = ?",
                        (row, n) ->
                                Map.<String, Object>of("global_index", row.getLong(1), "event_id", row.getString(2)),
                        type,
                        tina)
                .getFirst();
    }

    private static void differs(Run run, String kind, Map<String, Object> event) {
        assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(1);
        assertThat(run.rows()).anySatisfy(row -> {
            assertThat(row.path("kind").asString("")).isEqualTo(kind);
            assertThat(row.path("event").asString("")).isEqualTo(event.get("event_id"));
            assertThat(row.path("position").asLong()).isEqualTo(event.get("global_index"));
            assertThat(row.path("user").asString("")).isEqualTo(tina);
        });
        assertThat(run.rows().getLast().path("ok").asBoolean(true)).isFalse();
    }

    /** Changes the store, looks, and puts everything back. */
    private static <T> T with(String change, Callable<T> look, String... putBack) throws Exception {
        try (Connection connection = STORE.connection();
                var statement = connection.createStatement()) {
            for (String one : change.split(";")) {
                statement.execute(one);
            }
            try {
                return look.call();
            } finally {
                for (String one : putBack) {
                    statement.execute(one);
                }
            }
        }
    }

    @Test
    void aStoreThatNobodyChangedIsFoundToBeWhatItWas() {
        Run run = verify();
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        JsonNode summary = run.rows().getLast();
        assertThat(summary.path("ok").asBoolean()).isTrue();
        assertThat(summary.path("checked").path("leaves").asLong()).isGreaterThan(150);
        assertThat(summary.path("checked").path("covered").asLong())
                .isEqualTo(summary.path("checked").path("leaves").asLong());

        Run table = STORE.run("verify");
        assertThat(table.out()).startsWith("OK  ");
        assertThat(table.err()).contains("the public key comes from the user store itself");
    }

    @Test
    void aStoreIsVerifiedWhileItIsUsed() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Thread users = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                String name = "w" + UUID.randomUUID().toString().substring(0, 12);
                STORE.aLife(name);
                // Of a group that nobody has counted before.
                STORE.call(
                        "POST",
                        "/1/users",
                        "{\"username\":\"%s-too\",\"password\":\"abcd1234\",\"group\":\"%s\"}".formatted(name, name));
            }
        });
        try {
            for (int i = 0; i < 5; i++) {
                Run run = verify();
                assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
            }
        } finally {
            done.set(true);
            users.join();
            STORE.awaitSigned();
        }
    }

    @Test
    void aByteFlippedInAStoredEventIsNamed() throws Exception {
        Map<String, Object> created = event("user.created");
        Object position = created.get("global_index");
        String restore = "UPDATE domain_event SET payload = replace(payload, 'cadetz', 'cadets') WHERE global_index = "
                + position;
        Run run = with(
                "UPDATE domain_event SET payload = replace(payload, 'cadets', 'cadetz') WHERE global_index = "
                        + position,
                VerifyTest::verify,
                restore);
        differs(run, "stored_changed", created);
        assertThat(run.out()).contains("data.group");
        assertThat(run.rows().getLast().path("differences").asLong()).isEqualTo(1);
    }

    @Test
    void aByteFlippedInWhatIsSealedOrInTheTimeIsNamed() throws Exception {
        Map<String, Object> changed = event("user.email-changed");
        Object position = changed.get("global_index");
        differs(
                with(
                        "UPDATE domain_event SET payload = replace(payload, '\"eyJ', '\"eyK') WHERE global_index = "
                                + position,
                        VerifyTest::verify,
                        "UPDATE domain_event SET payload = replace(payload, '\"eyK', '\"eyJ') WHERE global_index = "
                                + position),
                "stored_changed",
                changed);
        differs(
                with(
                        "UPDATE domain_event SET time_stamp = overlay(time_stamp placing '1999' from 1) WHERE global_index = "
                                + position,
                        VerifyTest::verify,
                        "UPDATE domain_event SET time_stamp = overlay(time_stamp placing '%s' from 1) WHERE global_index = %s"
                                .formatted(
                                        STORE.jdbc()
                                                .queryForObject(
                                                        "SELECT left(time_stamp, 4) FROM domain_event WHERE global_index = "
                                                                + position,
                                                        String.class),
                                        position)),
                "stored_changed",
                changed);
    }

    @Test
    void aDeletedEventIsNamedAndItsNumbersHaveAGap() throws Exception {
        Map<String, Object> updated = event("user.profile-updated");
        Run run = with(
                "CREATE TABLE kept AS SELECT * FROM domain_event WHERE global_index = %1$s;DELETE FROM domain_event WHERE global_index = %1$s"
                        .formatted(updated.get("global_index")),
                VerifyTest::verify,
                "INSERT INTO domain_event OVERRIDING SYSTEM VALUE SELECT * FROM kept",
                "DROP TABLE kept");
        differs(run, "stored_missing", updated);
        assertThat(run.rows()).anySatisfy(row -> {
            assertThat(row.path("kind").asString("")).isEqualTo("stored_numbers");
            assertThat(row.path("user").asString("")).isEqualTo(tina);
        });
    }

    @Test
    void twoEventsThatWereSwappedAreBothNamed() throws Exception {
        Map<String, Object> updated = event("user.profile-updated");
        Map<String, Object> changed = event("user.email-changed");
        String swap = """
                UPDATE domain_event SET seq = -1 WHERE global_index = %1$s;
                UPDATE domain_event SET seq = %3$s WHERE global_index = %2$s;
                UPDATE domain_event SET seq = %4$s WHERE global_index = %1$s
                """;
        long one = seq(updated);
        long two = seq(changed);
        Object first = updated.get("global_index");
        Object second = changed.get("global_index");
        Run run = with(
                swap.formatted(first, second, one, two),
                VerifyTest::verify,
                swap.formatted(first, second, two, one).split(";"));
        differs(run, "stored_changed", updated);
        differs(run, "stored_changed", changed);
        assertThat(run.out()).contains("version", "stands before the number before it");
    }

    private static long seq(Map<String, Object> event) {
        Long seq = STORE.jdbc()
                .queryForObject(
                        "SELECT seq FROM domain_event WHERE global_index = ?", Long.class, event.get("global_index"));
        return seq == null ? 0 : seq;
    }

    @Test
    void aTreeThatWasMadeToFitAChangeIsNotTheOneThatWasSigned() throws Exception {
        Map<String, Object> created = event("user.created");
        String where = " WHERE position = " + created.get("global_index");
        byte[] hash = STORE.jdbc().queryForObject("SELECT hash FROM audit_leaf" + where, byte[].class);
        Run run = with(
                "UPDATE audit_leaf SET hash = sha256('another')" + where,
                VerifyTest::verify,
                "UPDATE audit_leaf SET hash = '\\x" + java.util.HexFormat.of().formatHex(hash) + "'" + where);
        differs(run, "leaf_changed", created);
        assertThat(run.out()).contains("root_changed", "is not the one that was signed");
    }

    @Test
    void aLogCutOffAtTheBeginningOrTheEndIsNamed() throws Exception {
        Map<String, Object> created = event("user.created");
        List<LogRecord> all = log();
        LogRecord first = all.stream()
                .filter(one -> one.text("ce_id").equals(created.get("event_id")))
                .findFirst()
                .orElseThrow();
        String cut = copy(all);
        try (Admin admin = admin()) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(cut, first.partition()),
                            RecordsToDelete.beforeOffset(first.offset() + 1)))
                    .all()
                    .get();
        }
        Run run = verifyOn(cut);
        differs(run, "record_missing", created);
        assertThat(run.out()).contains("holds the offsets " + (first.offset() + 1));

        LogRecord last = all.getLast();
        Run end = verifyOn(copy(all.subList(0, all.size() - 1)));
        assertThat(end.exitCode()).isEqualTo(1);
        assertThat(end.rows())
                .filteredOn(row -> row.has("kind"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.path("kind").asString("")).isEqualTo("record_missing");
                    assertThat(row.path("event").asString("")).isEqualTo(last.text("ce_id"));
                    assertThat(row.path("user").asString("")).isEqualTo(last.key());
                    assertThat(row.path("log").asString("")).startsWith(last.partition() + ":");
                });
    }

    @Test
    void recordsThatWereChangedSwappedOrAddedAreNamed() throws Exception {
        List<LogRecord> all = new ArrayList<>(log());
        List<LogRecord> tinas = all.stream()
                .filter(one -> one.key().equals(tina))
                .filter(one -> one.text("ce_type").contains("profile-updated")
                        || one.text("ce_type").contains("email-changed"))
                .toList();
        Map<String, Object> created = event("user.created");
        Run changed = verifyOn(copy(
                all,
                value -> value.contains("\"cadets\"") && value.contains(tina)
                        ? value.replace("\"cadets\"", "\"cadetz\"")
                        : value));
        differs(changed, "record_changed", created);
        assertThat(changed.out()).contains("data.group");

        int one = all.indexOf(tinas.get(0));
        int two = all.indexOf(tinas.get(1));
        List<LogRecord> swapped = new ArrayList<>(all);
        swapped.set(one, tinas.get(1));
        swapped.set(two, tinas.get(0));
        Run order = verifyOn(copy(swapped));
        differs(order, "record_order", event("user.profile-updated"));
        differs(order, "record_order", event("user.email-changed"));

        Run added = verifyOn(copy(
                all,
                value -> value.contains("\"cadets\"") && value.contains(tina)
                        ? value.replace("\"position\":" + created.get("global_index"), "\"position\":999999999")
                        : value));
        assertThat(added.out()).contains("record_unknown", "record_missing");

        List<LogRecord> twice = new ArrayList<>(all);
        twice.addAll(all);
        Run repeated = verifyOn(copy(twice));
        assertThat(repeated.exitCode()).as(repeated.out()).isZero();
        assertThat(repeated.rows().getLast().path("checked").path("repeated").asInt())
                .isEqualTo(all.size());
    }

    @Test
    void anExportIsVerifiedWithTheFileAndTheKeyAlone() throws Exception {
        Path file = folder.resolve("history.ndjson");
        Run exported = STORE.run("export", file);
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        Run clean = offline(file);
        assertThat(clean.exitCode()).as(clean.out() + clean.err()).isZero();

        List<String> lines = Files.readAllLines(file);
        int at = lines.size() - 5;
        Path changed = folder.resolve("changed.ndjson");
        List<String> copy = new ArrayList<>(lines);
        copy.set(at, copy.get(at).replaceFirst("(\\\\\"position\\\\\":)", "$1 "));
        Files.write(changed, copy);
        Run damaged = offline(changed);
        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.out()).contains("record_changed", "line " + (at + 1));

        copy.remove(at);
        Files.write(changed, copy);
        assertThat(offline(changed).out()).contains("record_missing");
        assertThat(AuditedStore.tool("verify", "--file=" + file).exitCode()).isEqualTo(2);
    }

    @Test
    void aPartOfTheHistoryIsVerifiedToo() {
        Path file = folder.resolve("none.ndjson");
        assertThat(STORE.run("export", file, "--to=2001-01-01").exitCode()).isZero();
        Run run = offline(file);
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out()).contains(" 0 records");
    }

    @Test
    void anExportThatWasBrokenOffGoesOnToTheSameFile() throws Exception {
        Path whole = folder.resolve("whole.ndjson");
        assertThat(STORE.run("export", whole).exitCode()).isZero();
        String text = Files.readString(whole);
        Path broken = folder.resolve("broken.ndjson");
        Files.writeString(broken, text.substring(0, text.length() * 2 / 3));
        assertThat(STORE.run("export", broken).exitCode()).isEqualTo(2);
        assertThat(STORE.run("export", broken, "--resume").exitCode()).isZero();
        assertThat(broken).hasSameTextualContentAs(whole);
    }

    private static Run offline(Path file) {
        return AuditedStore.tool("verify", "--file=" + file, "--public-key=" + STORE.publicKey());
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrapServers()));
    }

    /** All records, as they stand in their partitions. */
    private static List<LogRecord> log() throws Exception {
        List<LogRecord> all = new ArrayList<>();
        try (EventTopic events = new EventTopic(TestServers.kafkaBootstrapServers(), Topics.EVENTS)) {
            for (Range range : events.ranges()) {
                events.read(range, all::addAll);
            }
        }
        return all;
    }

    private static String copy(List<LogRecord> records) throws Exception {
        return copy(records, value -> value);
    }

    /** A topic of its own with these records, changed. */
    private static String copy(List<LogRecord> records, UnaryOperator<String> change) throws Exception {
        String topic = "copy-" + UUID.randomUUID();
        int partitions = 12;
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
        }
        try (EventTopic made = new EventTopic(TestServers.kafkaBootstrapServers(), topic)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> made.ranges().size() == partitions);
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrapServers(), "enable.idempotence", false),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (LogRecord one : records) {
                String value = change.apply(new String(one.raw().value(), StandardCharsets.UTF_8));
                producer.send(new ProducerRecord<>(
                        topic,
                        one.partition(),
                        one.raw().timestamp(),
                        one.raw().key(),
                        value.getBytes(StandardCharsets.UTF_8),
                        one.raw().headers()));
            }
        }
        return topic;
    }
}
