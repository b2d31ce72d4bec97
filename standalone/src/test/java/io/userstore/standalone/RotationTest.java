package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.Topics;
import io.userstore.api.seal.MasterKey;
import io.userstore.api.seal.MasterKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master key is replaced as the documentation says, and nobody notices. */
class RotationTest {
    private static final String NEW_KEY = "2e".repeat(32);
    private static final int USERS = 450;

    @TempDir
    private Path folder;

    @Test
    void afterARotationTheNewMasterKeyAloneOpensEverything() throws Exception {
        try (RunningStandalone standalone = new RunningStandalone(folder)) {
            String oldKey = Files.readString(folder.resolve("data/master-key")).strip();
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < USERS; i++) {
                lines.append("{\"username\":\"user").append(i).append("\",\"password\":\"abcd1234\"}\n");
            }
            assertThat(standalone
                            .client()
                            .ndjson("/1/users/import", lines.toString())
                            .status())
                    .isEqualTo(200);
            Client.Answer linked = standalone
                    .client()
                    .json(
                            "POST",
                            "/1/users",
                            "{\"auth_provider\":{\"provider\":\"google\",\"client_id\":\"c-1\",\"access_token\":\"t-1\"}}");
            assertThat(linked.status()).isEqualTo(201);
            standalone.close();

            standalone.startAgain(Map.of("userstore.master-key", NEW_KEY, "userstore.other-master-key", oldKey));
            theUserSignsIn(standalone.client());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> standalone.output().contains("every key is wrapped"));
            assertThat(standalone.client().get("/actuator/prometheus").body())
                    .contains("userstore_master_key_rotation_left_keys 0.0");
            MasterKeys onlyNew = new MasterKeys(MasterKey.parse(NEW_KEY).orElseThrow(), null);
            Map<String, String> published = keys(standalone.kafka());
            assertThat(published).hasSize(USERS + 1);
            published.forEach((userId, wrapped) ->
                    assertThat(onlyNew.unwrap(userId, wrapped)).as(userId).isPresent());
            standalone.close();

            standalone.startAgain(Map.of("userstore.master-key", NEW_KEY));
            theUserSignsIn(standalone.client());
            assertThat(standalone
                            .client()
                            .get("/1/users/user7?query_by=username")
                            .status())
                    .isEqualTo(200);
            Client.Answer provider =
                    standalone.client().get("/1/users/" + linked.text("id") + "/auth-providers/google");
            assertThat(provider.text("access_token")).isEqualTo("t-1");
            standalone.close();

            try (RunningProcess wrong = standalone.another(Map.of())) {
                assertThat(wrong.awaitExit()).isNotZero();
                assertThat(wrong.output()).contains("userstore.master-key is not the master key of this database");
            }
        }
    }

    private static void theUserSignsIn(Client client) {
        Client.Answer answer =
                client.json("POST", "/1/auth/signin", "{\"username\":\"user7\",\"password\":\"abcd1234\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** The last wrapped key of each user. */
    private static Map<String, String> keys(String bootstrapServers) {
        Map<String, String> keys = new HashMap<>();
        Map<String, Object> config = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(Topics.USER_KEYS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(one -> keys.put(
                                new String(one.key(), StandardCharsets.UTF_8),
                                new String(one.value(), StandardCharsets.UTF_8)));
            }
        }
        return keys;
    }
}
