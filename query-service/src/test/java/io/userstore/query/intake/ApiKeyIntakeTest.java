package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.Topics;
import io.userstore.api.key.KeyDigest;
import io.userstore.api.key.KeyGrant;
import io.userstore.api.key.KeyTable;
import io.userstore.query.fixture.QueryServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApiKeyIntakeTest {
    private static final Instant NOW = Instant.parse("2026-01-04T23:48:34.288Z");

    private final String keyId = "key_" + UUID.randomUUID();
    private final String digest = KeyDigest.of(keyId);
    private final KeyGrant grant = new KeyGrant("shop", digest, Set.of("users:read"), null);

    @Test
    void keysAreReadFromTheBeginningAndFollowedFromThere() {
        try (QueryServer first = QueryServer.start()) {
            KeyTable keys = keysOf(first);
            await().atMost(Duration.ofSeconds(60)).until(keys::isComplete);
            publish(first, grant.toJson());
            awaitGranted(keys, true);

            try (QueryServer second = QueryServer.start()) {
                KeyTable theirs = keysOf(second);
                await().atMost(Duration.ofSeconds(60)).until(theirs::isComplete);
                assertThat(theirs.find(digest, NOW))
                        .as("known as soon as the table is complete")
                        .hasValueSatisfying(entry -> {
                            assertThat(entry.keyId()).isEqualTo(keyId);
                            assertThat(entry.grant()).isEqualTo(grant);
                        });
                publish(first, null);
                awaitGranted(keys, false);
                awaitGranted(theirs, false);
            }
        }
    }

    @Test
    void aRecordThatIsNoGrantTakesTheKeyAwayAndStopsNobody() {
        try (QueryServer server = QueryServer.start()) {
            KeyTable keys = keysOf(server);
            publish(server, grant.toJson());
            awaitGranted(keys, true);
            publish(server, "{broken".getBytes(StandardCharsets.UTF_8));
            awaitGranted(keys, false);
            publish(server, "{}".getBytes(StandardCharsets.UTF_8));
            publish(server, grant.toJson());
            awaitGranted(keys, true);
            publish(server, new KeyGrant("shop", digest, Set.of(), NOW).toJson());
            awaitGranted(keys, false);
            assertThat(keys.find(digest, NOW.minusMillis(1)))
                    .as("until it expires")
                    .isPresent();
        }
    }

    private void awaitGranted(KeyTable keys, boolean granted) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> keys.find(digest, NOW).isPresent() == granted);
    }

    /** As promised, when the machine has the time for it: of some attempts one is enough. */
    @Test
    void aKeyIsKnownAndForgottenWithinASecond() {
        try (QueryServer server = QueryServer.start()) {
            KeyTable keys = keysOf(server);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                Instant begin = Instant.now();
                publish(server, grant.toJson());
                awaitGranted(keys, true);
                Instant granted = Instant.now();
                publish(server, null);
                awaitGranted(keys, false);
                return granted.isBefore(begin.plusSeconds(1)) && Instant.now().isBefore(granted.plusSeconds(1));
            });
        }
    }

    private static KeyTable keysOf(QueryServer server) {
        return server.context().getBean("queryKeyTable", KeyTable.class);
    }

    private void publish(QueryServer server, byte @Nullable [] value) {
        server.publish(new ProducerRecord<>(Topics.API_KEYS, keyId.getBytes(StandardCharsets.UTF_8), value));
    }
}
