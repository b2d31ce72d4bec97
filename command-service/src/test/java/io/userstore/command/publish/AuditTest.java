package io.userstore.command.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.audit.EventLeaf;
import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.api.audit.Verification;
import io.userstore.api.event.Topics;
import io.userstore.api.json.Json;
import io.userstore.command.RunningCommandService;
import io.userstore.command.audit.AuditLog;
import io.userstore.command.audit.AuditLogs;
import io.userstore.embedded.TestServers;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What a stranger can check who has the public key, the records of Kafka and the answers of the service. */
class AuditTest extends RunningCommandService {
    private static final String AUDIT = "/1/audit/";

    @Autowired
    private EventStorageEngine storage;

    @Autowired
    private DataSource dataSource;

    @Autowired
    private AuditLog log;

    @Test
    void everyEventOfAUserIsProvedFromItsRecordAndThePublicKey() throws Exception {
        String id = aUserNamed(aName());
        json("PATCH", "/1/users/" + id, "{\"group\":\"cadets\"}");
        json("POST", "/1/auth/signout", "{\"id\":\"" + id + "\"}");
        delete("/1/users/" + id);
        List<ConsumerRecord<byte[], byte[]>> sent = recordsOf(id, 4);
        TreeHead head = headWith(text(sent.getLast(), "ce_id"));
        assertThat(head.isSignedBy(publishedKey())).isTrue();
        for (ConsumerRecord<byte[], byte[]> one : sent) {
            Answer proof = get("proofs/inclusion?tree_size=" + head.treeSize() + "&event=" + text(one, "ce_id"));
            assertThat(proof.status()).as(proof.response().body()).isEqualTo(200);
            Hash leaf = leafOf(one);
            assertThat(proof.text("leaf_hash")).isEqualTo(leaf.base64());
            assertThat(Verification.isIncluded(
                            leaf,
                            proof.json().get("leaf_index").asLong(),
                            head.treeSize(),
                            path(proof),
                            head.rootHash()))
                    .isTrue();
            String position = proof.json().get("position").asString();
            assertThat(get("proofs/inclusion?tree_size=" + head.treeSize() + "&position=" + position)
                            .json())
                    .isEqualTo(proof.json());
        }
    }

    @Test
    void eachHeadIsProvedToBeTheBeginningOfTheNext() {
        String before = aUserNamed(aName());
        TreeHead first = headWith(text(recordsOf(before, 1).getFirst(), "ce_id"));
        String after = aUserNamed(aName());
        TreeHead second = headWith(text(recordsOf(after, 1).getFirst(), "ce_id"));
        Answer proof = get("proofs/consistency?first=" + first.treeSize() + "&second=" + second.treeSize());
        assertThat(Verification.isConsistent(
                        first.treeSize(), first.rootHash(), second.treeSize(), second.rootHash(), path(proof)))
                .isTrue();
        assertThat(get("heads?limit=1").json().get("data").size()).isEqualTo(1);
        assertThat(get("heads?limit=1&before=" + second.treeSize())
                        .json()
                        .at("/data/0/tree_size")
                        .asLong())
                .isLessThan(second.treeSize());
    }

    @Test
    void headsArePublishedAsTheyWereSigned() {
        String id = aUserNamed(aName());
        TreeHead head = headWith(text(recordsOf(id, 1).getFirst(), "ce_id"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(publishedHeads()).contains(head));
    }

    @Test
    void theCheckpointIsTheHeadAsASignedNoteOfTheKeyThatIsTold() {
        headWith(text(recordsOf(aUserNamed(aName()), 1).getFirst(), "ce_id"));
        Answer note = get("checkpoint");
        String verifierKey = get("key").text("verifier_key");
        String[] lines = note.response().body().split("\n", -1);
        assertThat(lines[0]).isEqualTo("userstore");
        assertThat(lines[6]).startsWith("— userstore ");
        byte[] signed = Base64.getDecoder().decode(lines[6].substring("— userstore ".length()));
        assertThat(java.util.HexFormat.of().formatHex(signed, 0, 4))
                .isEqualTo(verifierKey.split("\\+")[1]);
    }

    @Test
    void whatCannotBeProvedIsRefused() {
        headWith(text(recordsOf(aUserNamed(aName()), 1).getFirst(), "ce_id"));
        assertThat(get("proofs/inclusion?event=" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(get("proofs/inclusion?event=none").status()).isEqualTo(400);
        assertThat(get("proofs/inclusion").status()).isEqualTo(400);
        assertThat(get("proofs/inclusion?position=1&tree_size=999999999").status())
                .isEqualTo(400);
        assertThat(get("proofs/consistency").status()).isEqualTo(400);
        assertThat(get("proofs/consistency?first=2&second=1").status()).isEqualTo(400);
    }

    /** An event of another application is as unknown as one that is not there. */
    @Test
    void aKeyOfAnotherApplicationGetsNoProofOfAnEventOfOurs() {
        String application = aName();
        json("POST", "/1/applications", "{\"name\":\"" + application + "\"}");
        String key = json("POST", "/1/applications/" + application + "/keys", "{\"permissions\":[\"admin\"]}")
                .text("key");
        String event = text(recordsOf(aUserNamed(aName()), 1).getFirst(), "ce_id");
        headWith(event);
        String path = AUDIT + "proofs/inclusion?event=" + event;
        assertThat(send("GET", path, "", new byte[0], "Authorization", basic(key))
                        .status())
                .isEqualTo(404);
        assertThat(get("proofs/inclusion?event=" + event).status()).isEqualTo(200);
    }

    @Test
    void leavesOfWhatWasPublishedBeforeThereWasALogAreMadeFromTheHistory() {
        headWith(text(recordsOf(aUserNamed(aName()), 1).getFirst(), "ce_id"));
        Map<Long, Hash> known = leaves(new JdbcTemplate(dataSource));
        AuditLogs behind = AuditLogs.behind();
        MissingLeaves missing = new MissingLeaves(behind.log(), storage, behind.transactions(), dataSource);
        missing.start();
        assertThat(behind.log().isComplete()).isTrue();
        assertThat(leaves(behind.jdbc())).containsAllEntriesOf(known);
        long size = behind.log().size();
        missing.start();
        assertThat(behind.log().size()).isEqualTo(size);
    }

    /** No event is missing, and none is there twice: each row of a user is one leaf, once it is published. */
    @Test
    void eachStoredEventOfAUserIsExactlyOneLeaf() {
        for (int i = 0; i < 20; i++) {
            aUserNamed(aName());
        }
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            Long stored = jdbc.queryForObject(
                    "SELECT count(*) FROM domain_event WHERE payload_type LIKE 'user.%'", Long.class);
            assertThat(log.size()).isEqualTo(stored);
        });
    }

    private static Map<Long, Hash> leaves(JdbcTemplate jdbc) {
        Map<Long, Hash> leaves = new HashMap<>();
        jdbc.query("SELECT position, hash FROM audit_leaf", row -> {
            leaves.put(row.getLong(1), Hash.of(row.getBytes(2)));
        });
        return leaves;
    }

    private Answer get(String path) {
        return send("GET", AUDIT + path, "", new byte[0]);
    }

    /** The first head in which that event is. */
    private TreeHead headWith(String eventId) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(get("proofs/inclusion?event=" + eventId + "&tree_size="
                                        + get("head").json().path("tree_size").asLong(1))
                                .status())
                        .isEqualTo(200));
        return Json.MAPPER.readValue(get("head").response().body(), TreeHead.class);
    }

    private PublicKey publishedKey() throws Exception {
        String base64 = get("key").text("pem").replaceAll("-----.*-----|\\s", "");
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    private static List<Hash> path(Answer proof) {
        List<Hash> path = new ArrayList<>();
        for (JsonNode hash : proof.json().get("path")) {
            path.add(Hash.parse(hash.asString()));
        }
        return path;
    }

    private static Hash leafOf(ConsumerRecord<byte[], byte[]> one) {
        return EventLeaf.hash(
                        name -> {
                            Header header = one.headers().lastHeader(name);
                            return header == null ? null : header.value();
                        },
                        one.value())
                .orElseThrow();
    }

    private static String text(ConsumerRecord<byte[], byte[]> one, String header) {
        return new String(one.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }

    private static List<TreeHead> publishedHeads() {
        List<TreeHead> heads = new ArrayList<>();
        read(Topics.AUDIT_HEADS, one -> {
            heads.add(Json.MAPPER.readValue(one.value(), TreeHead.class));
            return false;
        });
        return heads;
    }

    private static List<ConsumerRecord<byte[], byte[]>> recordsOf(String userId, int count) {
        List<ConsumerRecord<byte[], byte[]>> mine = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            mine.clear();
            read(Topics.EVENTS, one -> {
                if (userId.equals(new String(one.key(), StandardCharsets.UTF_8))) {
                    mine.add(one);
                }
                return mine.size() == count;
            });
            return mine.size() >= count;
        });
        return mine;
    }

    /** Reads what a topic holds now, to its end or until that is enough. */
    private static void read(String topic, java.util.function.Predicate<ConsumerRecord<byte[], byte[]>> enough) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafkaBootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(100))) {
                    if (enough.test(one)) {
                        return;
                    }
                }
            }
        }
    }
}
