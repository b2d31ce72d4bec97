package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.api.seal.UserKey;
import io.userstore.embedded.EmbeddedKafkaBroker;
import io.userstore.embedded.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who is deleted cannot be found again: not in any file, nor with any key, nor in a copy of the log that was made before. */
class ErasureTest {
    /** What tells who the one is that will be deleted; lower case. */
    private static final List<String> MARKS = List.of(
            "erasable-mail@example.com",
            "erasable-other@example.com",
            "erasablename",
            "erasablefirst",
            "erasablelast",
            "erasablekey",
            "erasablevalue",
            "erasable-client",
            "203.0.113.77");

    @TempDir
    private Path folder;

    @Test
    void ofADeletedUserNothingIsLeftInTheDataNorInACopyOfTheLog() throws Exception {
        Path data = folder.resolve("service/data");
        Path copy = folder.resolve("copy");
        String bob;
        String ann;
        try (RunningStandalone standalone = new RunningStandalone(
                folder.resolve("service"),
                Map.of("userstore.trusted-proxies", "127.0.0.0/8", "userstore.event-store.snapshot-every", 5))) {
            Client client = standalone.client();
            bob = client.json("POST", "/1/users", "{\"username\":\"bob\",\"password\":\"abcd1234\",\"group\":\"crew\"}")
                    .text("id");
            ann = aLifeOf(client);
            // The read models know who it is, and their file is written to once a second.
            await().atMost(Duration.ofSeconds(30)).until(() -> !search(data).isEmpty());
            theExportOfOnePersonTellsAll(client, ann);
            copyKafka(data.resolve("kafka"), copy);

            Client.Answer deleted = client.delete("/1/users/" + ann);
            assertThat(deleted.status()).isEqualTo(200);
            assertThat(deleted.text("email")).isEqualTo("erasable-other@example.com");
            assertThat(client.get("/1/users/" + ann).status()).isEqualTo(404);
            assertThat(client.get("/1/users/" + ann + "/activity").status()).isEqualTo(404);
            theStatisticsAreRight(client);
            theCertificateHolds(client, standalone, ann);

            vacuum(standalone, data);
            standalone.close();
            assertThat(search(data)).isEmpty();
            assertThat(search(folder.resolve("service")))
                    .as("nor is it in a log file")
                    .isEmpty();

            standalone.startAgain();
            theStatisticsAreRight(standalone.client());
            assertThat(standalone.client().get("/1/users/" + bob).text("username"))
                    .isEqualTo("bob");
            theCopyTellsNothing(copy, ann, standalone, data);
        }
        assertThat(search(copy)).isEmpty();
    }

    /** Signs up, changes, signs in and out, rightly and wrongly: enough for snapshots of both streams. */
    private static String aLifeOf(Client client) {
        Client.Answer created = client.json("POST", "/1/users?verify_user=true", """
                {"username":"ErasableName","email":"Erasable-Mail@example.com","password":"abcd1234","group":"crew",
                 "first_name":"ErasableFirst","last_name":"ErasableLast","extra":{"erasablekey":"ErasableValue"}}""");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String id = created.text("id");
        for (int i = 0; i < 6; i++) {
            client.json("PATCH", "/1/users/" + id, "{\"extra\":{\"erasablekey\":\"ErasableValue" + i + "\"}}");
            signIn(client, "abcd1234", 200);
        }
        signIn(client, "wrong-one", 401);
        client.json("PATCH", "/1/users/" + id, "{\"email\":\"erasable-other@example.com\"}");
        client.json("POST", "/1/users/" + id + "/auth-providers/google", "{\"client_id\":\"erasable-client\"}");
        client.json("POST", "/1/auth/forgot-password", "{\"email\":\"erasable-other@example.com\"}");
        Client.Answer out =
                client.send("POST", "/1/auth/signout", "{\"id\":\"" + id + "\"}", "X-Forwarded-For", "203.0.113.77");
        assertThat(out.status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode newest = client.get("/1/users/" + id + "/activity").json().get("data");
            assertThat(newest.valueStream().map(entry -> entry.path("type").asString()))
                    .contains("user.login-failed", "user.signed-out");
            assertThat(newest.valueStream().map(entry -> entry.path("address").asString("")))
                    .contains("203.0.113.77");
        });
        return id;
    }

    private static void theExportOfOnePersonTellsAll(Client client, String userId) {
        Client.Answer export = client.get("/1/users/" + userId + "/export");
        assertThat(export.status()).as(export.body()).isEqualTo(200);
        assertThat(export.body().toLowerCase(Locale.ROOT)).contains(MARKS).doesNotContain("argon2");
        assertThat(export.json().at("/auth_providers/0/client_id").asString()).isEqualTo("erasable-client");
        assertThat(export.json().at("/history/0/type").asString()).isEqualTo("user.created");
        assertThat(client.get("/1/erasures/" + userId).status())
                .as("nobody was erased yet")
                .isEqualTo(404);
    }

    /** As the documentation says: the hash is that of the published event, and the signature that of the statement. */
    private static void theCertificateHolds(Client client, RunningStandalone standalone, String userId)
            throws GeneralSecurityException {
        JsonNode certificate = client.get("/1/erasures/" + userId).json();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            records.clear();
            records.addAll(recordsOf(userId, standalone.kafka()));
            return decoded(records.getLast()).type() == EventType.USER_DELETED;
        });
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(records.getLast().value());
        assertThat(certificate.path("hash").asString()).isEqualTo(HexFormat.of().formatHex(hash));

        String[] signature = certificate.path("signature").asString().split("\\.");
        String pem = certificate.path("public_key").asString().replaceAll("-----[A-Z ]+-----|\\s", "");
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem))));
        check.update((signature[0] + "." + signature[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(check.verify(Base64.getUrlDecoder().decode(signature[2]))).isTrue();
        JsonNode statement = JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(signature[1]));
        assertThat(statement.path("user_id").asString()).isEqualTo(userId);
        statement.forEachEntry(
                (name, value) -> assertThat(certificate.get(name)).isEqualTo(value));
    }

    private static void signIn(Client client, String password, int status) {
        Client.Answer answer = client.send(
                "POST",
                "/1/auth/signin",
                "{\"username\":\"erasablename\",\"password\":\"" + password + "\"}",
                "X-Forwarded-For",
                "203.0.113.77");
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    private static void theStatisticsAreRight(Client client) {
        JsonNode statistics = client.get("/1/stats").json();
        assertThat(statistics.at("/totals/users").asInt()).isEqualTo(1);
        assertThat(sum("joins", statistics)).isEqualTo(2);
        assertThat(sum("logins", statistics)).isEqualTo(6);
        assertThat(sum("failed_logins", statistics)).isEqualTo(1);
        assertThat(sum("deletions", statistics)).isEqualTo(1);
    }

    /** Of all days: the test may have begun yesterday. */
    private static int sum(String counter, JsonNode statistics) {
        return statistics
                .get("series")
                .valueStream()
                .mapToInt(day -> day.get(counter).asInt())
                .sum();
    }

    /** With the master key, and with all keys that there are now: the one that would open it is not among them. */
    private static void theCopyTellsNothing(Path copy, String userId, RunningStandalone standalone, Path data)
            throws Exception {
        List<UserKey> all = new ArrayList<>();
        try (Connection connection = connect(standalone, data);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT user_id, wrapped FROM user_key")) {
            while (rows.next()) {
                all.add(standalone
                        .masterKeys()
                        .unwrap(rows.getString(1), rows.getString(2))
                        .orElseThrow());
            }
        }
        assertThat(all).extracting(UserKey::userId).doesNotContain(userId).hasSize(1);
        int port = Ports.free();
        try (EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start(copy, "127.0.0.1", port)) {
            List<PublishedEvent> events = eventsOf(userId, broker.bootstrapServers());
            assertThat(events).hasSizeGreaterThan(15).noneMatch(event -> event.type() == EventType.USER_DELETED);
            assertThat(events.stream().filter(PublishedEvent::isSealed)).hasSizeGreaterThan(12);
            for (PublishedEvent event : events) {
                for (UserKey key : all) {
                    assertThat(EventCodec.open(event, key)).isEqualTo(event);
                }
                assertThat(event.toString().toLowerCase(Locale.ROOT)).doesNotContain(MARKS);
            }
        }
    }

    private static List<PublishedEvent> eventsOf(String userId, String bootstrapServers) {
        return recordsOf(userId, bootstrapServers).stream()
                .map(ErasureTest::decoded)
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> recordsOf(String userId, String bootstrapServers) {
        List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
        Map<String, Object> config = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.EVENTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(one -> {
                    if (userId.equals(new String(one.key(), StandardCharsets.UTF_8))) {
                        events.add(one);
                    }
                });
            }
        }
        return events;
    }

    private static PublishedEvent decoded(ConsumerRecord<byte[], byte[]> one) {
        return EventCodec.decode(
                name -> Optional.ofNullable(one.headers().lastHeader(name))
                        .map(Header::value)
                        .orElse(null),
                one.value());
    }

    private static Connection connect(RunningStandalone standalone, Path data) throws SQLException, IOException {
        String password = Files.readString(data.resolve("postgres/password")).strip();
        return DriverManager.getConnection(standalone.jdbcUrl(), "postgres", password);
    }

    private static void vacuum(RunningStandalone standalone, Path data) throws SQLException, IOException {
        try (Connection connection = connect(standalone, data);
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM FULL");
            statement.execute("CHECKPOINT");
        }
    }

    /** As a backup tool would, while the broker runs. */
    private static void copyKafka(Path from, Path to) throws IOException {
        for (Path file : filesIn(from)) {
            if (!file.getFileName().toString().equals(".lock")) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                unlessGone(() -> Files.copy(file, target));
            }
        }
    }

    /** Which mark stands in which file; PostgreSQL's write-ahead log aside, which is overwritten as it goes. */
    private static List<String> search(Path data) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : filesIn(data)) {
            if (!file.toString().contains("pg_wal")) {
                String text = unlessGone(() -> Files.readString(file, StandardCharsets.ISO_8859_1))
                        .orElse("")
                        .toLowerCase(Locale.ROOT);
                MARKS.stream().filter(text::contains).forEach(mark -> found.add(mark + " in " + file));
            }
        }
        return found;
    }

    /** The servers that write there come and go with files of their own. */
    private static List<Path> filesIn(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                all.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return all;
    }

    @FunctionalInterface
    private interface Access<T> {
        T to() throws IOException;
    }

    /** Empty when the file is gone since it was listed. */
    private static <T> Optional<T> unlessGone(Access<T> access) throws IOException {
        try {
            return Optional.of(access.to());
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
