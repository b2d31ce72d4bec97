package io.userstore.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.EventType;
import io.userstore.api.event.Topics;
import io.userstore.audit.AuditedStore.Run;
import io.userstore.embedded.EmbeddedKafkaBroker;
import io.userstore.embedded.TestServers;
import io.userstore.query.QueryApplication;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** On a log of its own, since a record that nobody can take stands in it for ever. */
class RetryTest {
    private static final String KEY = "sk_test_0123456789abcdef";

    @TempDir
    private Path folder;

    @Test
    void theLettersOfAViewThatStillRefusesARecordStayAndAreShown() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret-key"), KEY);
        try (EmbeddedKafkaBroker broker =
                EmbeddedKafkaBroker.start(folder.resolve("kafka"), "127.0.0.1", TestServers.freePort())) {
            topics(broker.bootstrapServers());
            try (ConfigurableApplicationContext service = queryService(broker.bootstrapServers())) {
                aRecordThatNobodyCanTake(broker.bootstrapServers());
                String[] options = {
                    "--output=json",
                    "--kafka=" + broker.bootstrapServers(),
                    "--url=http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port"),
                    "--key-file=" + secret
                };
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> AuditedStore.tool("dead-letters", "list", options[0], options[1])
                                        .rows()
                                        .size()
                                == 3);

                Run retry =
                        AuditedStore.tool(Stream.concat(Stream.of("dead-letters", "retry", "--all"), Stream.of(options))
                                .toArray(String[]::new));

                assertThat(retry.exitCode()).as(retry.out() + retry.err()).isEqualTo(1);
                assertThat(retry.rows().stream().filter(row -> row.has("rebuilt")))
                        .hasSize(3)
                        .allSatisfy(row -> {
                            assertThat(row.path("state").asString("")).isEqualTo("switched");
                            assertThat(row.path("refused").asLong()).isEqualTo(1);
                        });
                assertThat(retry.rows().stream().filter(row -> row.has("letter")))
                        .hasSize(3)
                        .extracting(row -> row.path("projection").asString(""))
                        .containsExactlyInAnyOrder("users", "statistics", "activity");
            }
        }
    }

    private static void topics(String kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.EVENTS, 2, (short) 1),
                            new NewTopic(Topics.DEAD_LETTERS, 2, (short) 1),
                            new NewTopic(Topics.USER_KEYS, 2, (short) 1).configs(Topics.USER_KEYS_CONFIG),
                            new NewTopic(Topics.API_KEYS, 1, (short) 1).configs(Topics.API_KEYS_CONFIG),
                            new NewTopic(Topics.PROGRESS, 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static ConfigurableApplicationContext queryService(String kafka) {
        return new SpringApplicationBuilder(QueryApplication.class)
                .run(
                        "--server.port=0",
                        "--spring.kafka.bootstrap-servers=" + kafka,
                        "--userstore.mongodb.uri=" + TestServers.mongoUri(),
                        "--userstore.mongodb.database=retry_"
                                + UUID.randomUUID().toString().substring(0, 8),
                        "--userstore.secret-key=" + KEY,
                        "--userstore.master-key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                        // The settings of the command service are on the path of the tests too.
                        "--spring.flyway.enabled=false",
                        "--management.endpoint.health.group.readiness.include=readinessState,query",
                        "--logging.level.root=warn",
                        "--logging.structured.format.console=");
    }

    private static void aRecordThatNobodyCanTake(String kafka) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.EVENTS,
                            0,
                            bytes(UUID.randomUUID().toString()),
                            bytes("{}"),
                            List.of(new RecordHeader("ce_type", bytes(EventType.USER_CREATED.publishedName())))))
                    .get();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
