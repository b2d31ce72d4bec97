package io.userstore.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Appends that end in another order than they began, however late: none is passed over, and nobody is waited for in vain. */
class SettledHistoryTest extends RunningCommandService {
    private static final String LONG_AGO = "2020-01-01T00:00:00Z";
    private static final String APPEND = """
            INSERT INTO domain_event (aggregate_id, seq, aggregate_type, event_id, time_stamp, payload_type, payload_revision, payload,
                                      meta_data)
            SELECT aggregate_id, seq + 1, aggregate_type, ?, ?, payload_type, payload_revision, payload, meta_data
              FROM domain_event WHERE aggregate_id = ? ORDER BY seq DESC LIMIT 1
            RETURNING global_index
            """;

    @Autowired
    private EventStore events;

    @Autowired
    private DataSource dataSource;

    private String ann;
    private String eve;

    @BeforeEach
    void createUsers() {
        ann = aUserNamed(aName());
        eve = aUserNamed(aName());
    }

    @Test
    void anEventBehindAnOldOneIsReadOnceItIsThere() throws Exception {
        try (Connection slow = begin();
                Connection fast = begin();
                BlockingStream<TrackedEventMessage<?>> stream = events.openStream(events.createHeadToken())) {
            long first = append(slow, ann);
            long second = append(fast, eve);
            fast.commit();
            assertThat(read(stream, second)).contains(first);
            // However much comes after it.
            for (int i = 0; i < 3; i++) {
                long later = append(fast, eve);
                fast.commit();
                assertThat(read(stream, later)).contains(first);
            }
            slow.commit();
            assertThat(positionOfNext(stream)).isEqualTo(first);
        }
    }

    @Test
    void aPlaceThatWasGivenUpIsWaitedForNoLonger() throws Exception {
        try (Connection slow = begin();
                Connection fast = begin();
                BlockingStream<TrackedEventMessage<?>> stream = events.openStream(events.createHeadToken())) {
            long never = append(slow, ann);
            read(stream, appendAndCommit(fast));
            slow.rollback();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(read(stream, appendAndCommit(fast))).isEmpty());
            assertThat(never).isPositive();
        }
    }

    @Test
    void whoReadsTheWholeHistoryCarriesNoGapsAlong() throws Exception {
        try (Connection slow = begin()) {
            append(slow, ann);
            slow.rollback();
        }
        try (Connection fast = begin()) {
            appendAndCommit(fast);
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            try (BlockingStream<TrackedEventMessage<?>> stream = events.openStream(null)) {
                TrackedEventMessage<?> last = stream.nextAvailable();
                while (stream.hasNextAvailable(0, TimeUnit.MILLISECONDS)) {
                    last = stream.nextAvailable();
                }
                assertThat(gaps(last)).isEmpty();
            }
        });
    }

    private Connection begin() throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private long appendAndCommit(Connection connection) throws SQLException {
        long place = append(connection, eve);
        connection.commit();
        return place;
    }

    private static long append(Connection connection, String user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
            statement.setString(1, UUID.randomUUID().toString());
            statement.setString(2, LONG_AGO);
            statement.setString(3, user);
            try (ResultSet place = statement.executeQuery()) {
                assertThat(place.next()).isTrue();
                return place.getLong(1);
            }
        }
    }

    /** Reads on to an event; answers the gaps before it. */
    private static Set<Long> read(BlockingStream<TrackedEventMessage<?>> stream, long place) throws Exception {
        TrackedEventMessage<?> message;
        do {
            assertThat(stream.hasNextAvailable(30, TimeUnit.SECONDS)).isTrue();
            message = stream.nextAvailable();
        } while (EventContext.positionOf((DomainEventMessage<?>) message) != place);
        return gaps(message);
    }

    private static Set<Long> gaps(TrackedEventMessage<?> message) {
        return ((GapAwareTrackingToken) message.trackingToken()).getGaps();
    }

    private static long positionOfNext(BlockingStream<TrackedEventMessage<?>> stream) throws Exception {
        assertThat(stream.hasNextAvailable(30, TimeUnit.SECONDS)).isTrue();
        return EventContext.positionOf((DomainEventMessage<?>) stream.nextAvailable());
    }
}
