package io.userstore.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.LoginRecorded;
import io.userstore.api.event.UserEvent.Origin;
import io.userstore.api.event.UserEvent.Profile;
import io.userstore.api.event.UserEvent.ProfileUpdated;
import io.userstore.api.event.UserEvent.UserActivated;
import io.userstore.api.event.UserEvent.UserCreated;
import io.userstore.api.event.UserEvent.UserDeactivated;
import io.userstore.api.event.UserEvent.UserDeleted;
import io.userstore.audit.readmodel.Counters.Key;
import io.userstore.audit.readmodel.Counters.Kind;
import io.userstore.audit.source.EventStore;
import io.userstore.audit.source.LogRecord;
import io.userstore.embedded.TestServers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a partition comes to, in whatever order it was filled. */
class PartitionFoldTest {
    private static final Profile TINA = new Profile("tina@example.com", "tina", null, null, Map.of());
    private static @Nullable EventStore store;

    private final PartitionFold fold = new PartitionFold(3, new UserKeyring(store(), Optional.empty()));
    private long offset;

    @BeforeAll
    static void open() throws SQLException {
        store = EventStore.open(TestServers.jdbcUrl(), TestServers.jdbcUsername(), TestServers.jdbcPassword());
    }

    @AfterAll
    static void close() throws SQLException {
        store().close();
    }

    private static EventStore store() {
        if (store == null) {
            throw new IllegalStateException("not open");
        }
        return store;
    }

    private void take(String user, long number, UserEvent data) throws Exception {
        fold.take(List.of(record(new PublishedEvent(
                user + number,
                Instant.EPOCH,
                "app",
                user,
                number,
                offset,
                new PublishedEvent.Actor(null, null),
                data))));
    }

    private LogRecord record(PublishedEvent event) {
        RecordHeaders headers = new RecordHeaders();
        EventCodec.headers(event).forEach(headers::add);
        return new LogRecord(new ConsumerRecord<>(
                "events",
                3,
                offset++,
                0,
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                event.userId().getBytes(StandardCharsets.UTF_8),
                EventCodec.value(event),
                headers,
                Optional.empty()));
    }

    private void aUserWhoMoves() throws Exception {
        take("tina", 1, new UserCreated("cadets", true, true, TINA));
        take("tina", 2, new ProfileUpdated(Set.of("group"), "officers", "cadets", TINA));
        take("tina", 3, new UserDeactivated());
        take("tina", 1, new LoginRecorded("password", null, null, Origin.UNKNOWN));
    }

    private String unlike(Kind kind, String id, Map<String, Long> counts) {
        BsonDocument document = new BsonDocument("offset", new BsonInt64(0));
        counts.forEach((name, count) -> document.put(name, new BsonInt64(count)));
        return fold.counters().of(new Key(kind, id)).unlike(document);
    }

    @Test
    void totalsFollowEachUser() throws Exception {
        aUserWhoMoves();
        assertThat(unlike(Kind.USERS, "app|p3", Map.of("users", 1L))).isEmpty();
        assertThat(unlike(Kind.TOTALS, "app|p3", Map.of("users", 1L, "pending", 1L)))
                .isEmpty();
        assertThat(unlike(Kind.GROUPS, "app|p3|=officers", Map.of("users", 1L, "pending", 1L)))
                .isEmpty();
        assertThat(unlike(Kind.GROUPS, "app|p3|=cadets", Map.of("users", 0L))).isEmpty();
        assertThat(unlike(Kind.TOTALS, "app|p3", Map.of("users", 2L)))
                .isEqualTo("pending is 0, and the events come to 1; users is 2, and the events come to 1");
    }

    @Test
    void theDeletedCountAsNothing() throws Exception {
        aUserWhoMoves();
        take("tina", 4, new UserDeleted("officers", false, false, true));
        take("tina", 2, new LoginRecorded("password", null, null, Origin.UNKNOWN));
        assertThat(unlike(Kind.USERS, "app|p3", Map.of())).isEmpty();
        assertThat(unlike(Kind.TOTALS, "app|p3", Map.of())).isEmpty();
        assertThat(unlike(Kind.GROUPS, "app|p3|=officers", Map.of())).isEmpty();
    }

    @Test
    void whatComesTwiceCountsOnce() throws Exception {
        aUserWhoMoves();
        aUserWhoMoves();
        totals();
    }

    @Test
    void aLogThatHasLostItsBeginningAndWasFilledAgainComesToTheSame() throws Exception {
        take("tina", 3, new UserDeactivated());
        take("tina", 1, new LoginRecorded("password", null, null, Origin.UNKNOWN));
        aUserWhoMoves();
        totals();
    }

    private void totals() {
        FoldedUser tina = Objects.requireNonNull(fold.users().get("tina"));
        assertThat(tina.version()).isEqualTo(3);
        assertThat(tina.loginSequence()).isEqualTo(1);
        assertThat(unlike(Kind.TOTALS, "app|p3", Map.of("users", 1L, "pending", 1L)))
                .isEmpty();
    }

    @Test
    void documentsThatHaveCountedMoreAreCountedOnToTheirOffset() throws Exception {
        aUserWhoMoves();
        BsonDocument ahead = new BsonDocument("offset", new BsonInt64(4));
        fold.counters().of(new Key(Kind.TOTALS, "app|p3")).upTo(4, ahead);
        fold.counters().close();
        List<Long> seen = new ArrayList<>();
        fold.onChange(user -> seen.add(user.version()));
        take("tina", 4, new UserActivated());
        take("tina", 5, new UserDeactivated());
        assertThat(seen).containsExactly(4L, 5L);
        assertThat(unlike(Kind.TOTALS, "app|p3", Map.of("users", 1L, "pending", 1L, "active", 1L)))
                .isEmpty();
        assertThat(unlike(Kind.GROUPS, "app|p3|=officers", Map.of("users", 1L, "pending", 1L)))
                .isEmpty();
    }
}
