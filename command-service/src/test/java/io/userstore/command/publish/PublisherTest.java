package io.userstore.command.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.api.event.UserEvent;
import io.userstore.api.key.KeyDigest;
import io.userstore.api.key.KeyGrant;
import io.userstore.api.seal.UserKey;
import io.userstore.command.RunningCommandService;
import io.userstore.embedded.TestServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

class PublisherTest extends RunningCommandService {
    @Autowired
    private ApplicationContext context;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void everyPartThatDecidesAboutTransactionsAndStorageIsTheOneThatWasChosen() {
        assertThat(context.getBean(org.axonframework.config.Configuration.class).eventStore())
                .isSameAs(context.getBean(org.axonframework.eventsourcing.eventstore.EventStore.class));
        assertThat(context.getBean(org.axonframework.eventsourcing.eventstore.EventStorageEngine.class))
                .isInstanceOf(org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine.class);
        assertThat(context.getBean(org.axonframework.config.Configuration.class)
                        .getComponent(org.axonframework.common.transaction.TransactionManager.class))
                .extracting("transactions")
                .isInstanceOf(org.axonframework.spring.messaging.unitofwork.SpringTransactionManager.class);
        assertThat(context.getBean(org.axonframework.eventhandling.tokenstore.TokenStore.class))
                .isInstanceOf(org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore.class);
    }

    @Test
    void eachStoredEventIsPublishedInOrderWithWhoDidItAndWithoutSecrets() {
        String name = aName();
        String id = json(
                        "POST",
                        "/1/users",
                        "{\"username\":\"" + name + "\",\"password\":\"marked-secret\",\"group\":\"cadets\"}",
                        "X-Request-Id",
                        "req-of-" + name)
                .text("id");
        json("PATCH", "/1/users/" + id, "{\"group\":\"officers\",\"is_active\":false,\"password\":\"marked-other\"}");
        json("PATCH", "/1/users/" + id, "{\"is_active\":true,\"email\":\"" + name + "@example.com\"}");
        json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"marked-other\"}");
        delete("/1/users/" + id);

        List<ConsumerRecord<byte[], byte[]>> sent = recordsOf(Set.of(id), 8);
        List<PublishedEvent> events = sent.stream().map(PublisherTest::decode).toList();
        assertThat(events.stream().map(PublishedEvent::type))
                .containsExactly(
                        EventType.USER_CREATED,
                        EventType.PROFILE_UPDATED,
                        EventType.PASSWORD_CHANGED,
                        EventType.USER_DEACTIVATED,
                        EventType.EMAIL_CHANGED,
                        EventType.USER_ACTIVATED,
                        EventType.LOGIN_RECORDED,
                        EventType.USER_DELETED);
        assertThat(events.stream().map(PublishedEvent::sequence)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 1L, 7L);
        assertThat(events.stream().map(PublishedEvent::position)).isSorted().doesNotHaveDuplicates();
        assertThat(events)
                .allMatch(event ->
                        event.application().equals("default") && event.userId().equals(id));
        assertThat(events.getFirst().actor().requestId()).isEqualTo("req-of-" + name);
        assertThat(events.getFirst().actor().keyId()).startsWith("key_").doesNotContain(KEY);
        assertThat(events.get(1).data())
                .isEqualTo(
                        new UserEvent.ProfileUpdated(Set.of("group"), "officers", "cadets", UserEvent.Profile.UNKNOWN));
        assertThat(events.get(1).isSealed()).isTrue();
        for (ConsumerRecord<byte[], byte[]> one : sent) {
            assertThat(new String(one.value(), StandardCharsets.UTF_8))
                    .doesNotContain("marked")
                    .doesNotContain("\"" + name)
                    .doesNotContain("argon2")
                    .doesNotContain("password_hash");
        }
    }

    @Test
    void whatIsPersonalIsPublishedAsItIsStoredAndOpensWithTheUsersKey() {
        String name = aName();
        String id = aUserNamed(name);
        json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}");

        UserKey key = MASTERS.unwrap(id, lastKeyOf(id)).orElseThrow();
        List<PublishedEvent> events = recordsOf(Set.of(id), 2).stream()
                .map(PublisherTest::decode)
                .map(event -> EventCodec.open(event, key))
                .toList();
        assertThat(events.getFirst().data())
                .isEqualTo(new UserEvent.UserCreated(
                        null, true, false, new UserEvent.Profile(null, name, null, null, Map.of())));
        assertThat(events.getLast().data())
                .isEqualTo(new UserEvent.LoginRecorded("password", null, null, new UserEvent.Origin("127.0.0.1")));
        List<String> stored = new ArrayList<>();
        jdbc.sql("SELECT payload FROM domain_event WHERE aggregate_id LIKE ? ORDER BY global_index")
                .param(id + "%")
                .query(row -> {
                    stored.add(row.getString(1));
                });
        assertThat(stored).hasSize(2).noneMatch(payload -> payload.contains(name) || payload.contains("argon2"));
        List<String> published = valuesOf(id, 2);
        for (int i = 0; i < stored.size(); i++) {
            assertThat(published.get(i)).contains(personalOf(stored.get(i)));
        }
    }

    private static String personalOf(String payload) {
        return JSON.readTree(payload).path("personal").stringValue();
    }

    /** A history that is published anew must not bring a key back, nor change a byte. */
    @Test
    void aDeletedUsersKeyIsGoneAndTheEventsArePublishedAnewAsTheyWere() {
        String id = aUserNamed(aName());
        String wrapped = lastKeyOf(id);
        delete("/1/users/" + id);
        await().atMost(Duration.ofSeconds(20)).until(() -> keysOf(id).getLast().isEmpty());
        assertThat(jdbc.sql("SELECT count(*) FROM user_key WHERE user_id = ?")
                        .param(UUID.fromString(id))
                        .query(Long.class)
                        .single())
                .isZero();

        List<String> first = valuesOf(id, 2);
        publishAnew();
        assertThat(valuesOf(id, 4))
                .isEqualTo(Stream.concat(first.stream(), first.stream()).toList());
        assertThat(keysOf(id)).startsWith(wrapped).endsWith("").containsOnlyOnce(wrapped);
    }

    private void publishAnew() {
        TrackingEventProcessor processor = context.getBean(org.axonframework.config.Configuration.class)
                .eventProcessingConfiguration()
                .eventProcessor(Publisher.NAME, TrackingEventProcessor.class)
                .orElseThrow();
        processor.shutDown();
        processor.resetTokens();
        processor.start();
    }

    private static List<String> valuesOf(String userId, int count) {
        return recordsOf(Set.of(userId), count).stream()
                .map(one -> new String(one.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static String lastKeyOf(String userId) {
        await().atMost(Duration.ofSeconds(20)).until(() -> !keysOf(userId).isEmpty());
        return keysOf(userId).getLast();
    }

    /** What the topic of keys has held of a user: wrapped keys, and an empty text where the user had none. */
    private static List<String> keysOf(String userId) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafkaBootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.USER_KEYS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(one -> {
                    if (userId.equals(new String(one.key(), StandardCharsets.UTF_8))) {
                        values.add(one.value() == null ? "" : new String(one.value(), StandardCharsets.UTF_8));
                    }
                });
            }
        }
        return values;
    }

    /** The tracking token would give an event that commits late the position of its neighbour. */
    @Test
    void anEventsPositionIsItsOwnHoweverManyCommitAtOnce() throws Exception {
        List<Callable<String>> creations = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            creations.add(() -> aUserNamed(aName()));
        }
        Set<String> ids = new HashSet<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
            for (Future<String> id : callers.invokeAll(creations)) {
                ids.add(id.get());
            }
        }
        Map<String, Long> positions = recordsOf(ids, ids.size()).stream()
                .map(PublisherTest::decode)
                .collect(Collectors.toMap(PublishedEvent::userId, PublishedEvent::position));
        Map<String, Long> rows = new HashMap<>();
        jdbc.sql("SELECT aggregate_id, global_index FROM domain_event WHERE payload_type = 'user.created'")
                .query(row -> {
                    rows.put(row.getString(1), row.getLong(2));
                });
        assertThat(rows).containsAllEntriesOf(positions);
    }

    /** The topic of events is for users; what keys grant has one of its own. */
    @Test
    void aKeysGrantIsPublishedWithoutTheKeyAndTakenAwayWhenItIsRevoked() {
        String application = aName();
        assertThat(json("POST", "/1/applications", "{\"name\":\"" + application + "\"}")
                        .status())
                .isEqualTo(201);
        String keys = "/1/applications/" + application + "/keys";
        Answer first = json("POST", keys, "{\"permissions\":[\"users:read\"]}");
        Answer second = json("POST", keys + "/" + first.text("id") + "/rotate", "{\"overlap_seconds\":60}");
        String user = aUserNamed(aName());
        delete(keys + "/" + second.text("id"));

        ConsumerRecord<byte[], byte[]> old = lastOf(first.text("id"), false);
        KeyGrant grant = KeyGrant.fromJson(old.value());
        assertThat(grant.application()).isEqualTo(application);
        assertThat(grant.digest()).isEqualTo(KeyDigest.of(first.text("key")));
        assertThat(grant.permissions()).containsExactly("users:read");
        assertThat(grant.expiresAt()).isAfter(Instant.now());
        assertThat(new String(old.value(), StandardCharsets.UTF_8)).doesNotContain(first.text("key"));
        assertThat(lastOf(second.text("id"), true).value()).isNull();
        assertThat(recordsOf(Set.of(user), 1)).as("users' events go on as ever").hasSize(1);
    }

    /** The last record of a key, once it is one with or without a grant, and of the rotated one once it expires. */
    private static ConsumerRecord<byte[], byte[]> lastOf(String keyId, boolean revoked) {
        AtomicReference<ConsumerRecord<byte[], byte[]>> last = new AtomicReference<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafkaBootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(Topics.API_KEYS, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(one -> {
                    if (keyId.equals(new String(one.key(), StandardCharsets.UTF_8))) {
                        last.set(one);
                    }
                });
                ConsumerRecord<byte[], byte[]> found = last.get();
                return found != null
                        && (revoked
                                ? found.value() == null
                                : found.value() != null
                                        && KeyGrant.fromJson(found.value()).expiresAt() != null);
            });
        }
        return last.get();
    }

    private static PublishedEvent decode(ConsumerRecord<byte[], byte[]> sent) {
        return EventCodec.decode(
                header -> {
                    Header found = sent.headers().lastHeader(header);
                    return found == null ? null : found.value();
                },
                sent.value());
    }

    private static List<ConsumerRecord<byte[], byte[]>> recordsOf(Set<String> userIds, int count) {
        Map<String, Object> config =
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafkaBootstrapServers());
        AtomicReference<List<ConsumerRecord<byte[], byte[]>>> found = new AtomicReference<>(List.of());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            // The publisher makes the topic with its first event.
            List<TopicPartition> partitions = await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> consumer.partitionsFor(Topics.EVENTS).stream()
                                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                                    .toList(),
                            all -> !all.isEmpty());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> mine = new ArrayList<>();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(one -> {
                    if (userIds.contains(new String(one.key(), StandardCharsets.UTF_8))) {
                        mine.add(one);
                    }
                });
                assertThat(mine).hasSize(count);
            });
            found.set(mine);
        }
        return found.get();
    }
}
