package io.userstore.audit.source;

import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The event store, read only: the connection refuses to write. Large results are streamed, in short transactions where they
 * can be. Not thread-safe.
 */
public final class EventStore implements AutoCloseable {
    private static final int FETCHED_AT_ONCE = 2_000;
    private static final String EVENT =
            "SELECT global_index, aggregate_id, seq + 1, event_id, time_stamp, payload_type, payload, meta_data"
                    + " FROM domain_event WHERE payload_type LIKE 'user.%' ";
    private static final String LEAF = "SELECT leaf_index, position, event_id, hash FROM audit_leaf";
    private static final String HEAD =
            "SELECT origin, tree_size, signed_at, root_hash, last_position, kid, signature FROM audit_head";

    private final Connection connection;

    private EventStore(Connection connection) {
        this.connection = connection;
    }

    /** @throws SQLException when the server is away, or refuses this user */
    public static EventStore open(String jdbcUrl, String username, @Nullable String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", username);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "userstore-audit");
        properties.setProperty("connectTimeout", "10");
        Connection connection = DriverManager.getConnection(jdbcUrl, properties);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        return new EventStore(connection);
    }

    /** Takes one row after the other. */
    @FunctionalInterface
    public interface Taker<T> {
        void take(T row) throws SQLException;
    }

    @FunctionalInterface
    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    @FunctionalInterface
    private interface Parameters {
        void set(PreparedStatement statement) throws SQLException;
    }

    private static final Parameters NONE = statement -> {};

    private <T> void query(String sql, Parameters parameters, Row<T> row, Taker<T> taker) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            parameters.set(statement);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    taker.take(row.of(rows));
                }
            }
        }
        connection.commit();
    }

    private <T> List<T> list(String sql, Parameters parameters, Row<T> row) throws SQLException {
        List<T> found = new ArrayList<>();
        query(sql, parameters, row, found::add);
        return found;
    }

    private Parameters longs(Collection<Long> values) {
        return statement -> statement.setArray(1, connection.createArrayOf("bigint", values.toArray()));
    }

    private static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8));
    }

    private static Leaf leaf(ResultSet row) throws SQLException {
        return new Leaf(row.getLong(1), row.getLong(2), row.getString(3), hash(row.getBytes(4)));
    }

    /** What is no hash any more is like no hash, which those who compare it find. */
    private static Hash hash(byte[] bytes) {
        return bytes.length == Hash.BYTES ? Hash.of(bytes) : Hash.ofNothing();
    }

    private static TreeHead head(ResultSet row) throws SQLException {
        return new TreeHead(
                row.getString(1),
                row.getLong(2),
                row.getObject(3, OffsetDateTime.class).toInstant(),
                hash(row.getBytes(4)),
                row.getLong(5),
                row.getString(6),
                row.getString(7));
    }

    /** All events of one user, both streams, in the order in which they happened. */
    public void history(String userId, Taker<StoredEvent> taker) throws SQLException {
        query(
                EVENT + "AND aggregate_id = ANY (?) ORDER BY global_index",
                statement -> statement.setArray(1, connection.createArrayOf("text", StoredEvent.streamsOf(userId))),
                EventStore::event,
                taker);
    }

    /** The events at these positions; those that are missing are left out. */
    public Map<Long, StoredEvent> at(Collection<Long> positions) throws SQLException {
        Map<Long, StoredEvent> found = new HashMap<>();
        query(
                EVENT + "AND global_index = ANY (?)",
                longs(positions),
                EventStore::event,
                one -> found.put(one.position(), one));
        return found;
    }

    /** The leaves of the events at these positions. */
    public Map<Long, Leaf> leavesAt(Collection<Long> positions) throws SQLException {
        Map<Long, Leaf> found = new HashMap<>();
        query(
                LEAF + " WHERE position = ANY (?)",
                longs(positions),
                EventStore::leaf,
                one -> found.put(one.position(), one));
        return found;
    }

    /** The leaves before {@code size}, from the left. */
    public void leaves(long size, Taker<Leaf> taker) throws SQLException {
        query(
                LEAF + " WHERE leaf_index < ? ORDER BY leaf_index",
                statement -> statement.setLong(1, size),
                EventStore::leaf,
                taker);
    }

    /**
     * What the tree says of itself.
     *
     * @param size leaves
     * @param lastPosition the largest position among them
     */
    public record Tree(long size, long lastPosition) {}

    /** The tree as it is now. */
    public Tree tree() throws SQLException {
        return list("SELECT size, last_position FROM audit_tree", NONE, row -> new Tree(row.getLong(1), row.getLong(2)))
                .stream()
                .findFirst()
                .orElse(new Tree(0, 0));
    }

    /** The heads that are stored, of the smallest tree first. */
    public List<TreeHead> heads() throws SQLException {
        return list(HEAD + " ORDER BY tree_size", NONE, EventStore::head);
    }

    /**
     * A stream whose numbers do not run from 1 without gaps.
     *
     * @param first the smallest number
     * @param last the largest
     * @param count how many there are
     */
    public record Gap(String userId, String aggregateId, long first, long last, long count) {}

    /** The streams of users whose numbers have gaps. Sorted and counted by the server, on its disk where it has to. */
    public void gaps(Taker<Gap> taker) throws SQLException {
        query(
                "SELECT aggregate_id, min(seq) + 1, max(seq) + 1, count(*) FROM domain_event"
                        + " WHERE payload_type LIKE 'user.%' GROUP BY aggregate_id"
                        + " HAVING min(seq) <> 0 OR max(seq) + 1 <> count(*)",
                NONE,
                row -> new Gap(
                        StoredEvent.userIdOf(row.getString(1)),
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4)),
                taker);
    }

    /** The events that stand before an earlier one of their stream. */
    public void outOfOrder(Taker<StoredEvent> taker) throws SQLException {
        query(
                "SELECT global_index, aggregate_id, seq + 1, event_id, time_stamp, payload_type, payload, meta_data FROM ("
                        + "SELECT *, lag(global_index) OVER (PARTITION BY aggregate_id ORDER BY seq) AS before"
                        + " FROM domain_event WHERE payload_type LIKE 'user.%') AS ordered WHERE global_index < before",
                NONE, EventStore::event, taker);
    }

    /** The events whose id another event has too. */
    public void sameIds(Taker<StoredEvent> taker) throws SQLException {
        query(
                EVENT + "AND event_id IN (SELECT event_id FROM domain_event GROUP BY event_id HAVING count(*) > 1)"
                        + " ORDER BY event_id, global_index",
                NONE,
                EventStore::event,
                taker);
    }

    /**
     * The events of users that are no leaf.
     *
     * @param upTo the last position to look at
     * @param before their time, ISO 8601: what is younger may be on its way
     */
    public void withoutLeaf(long upTo, String before, Taker<StoredEvent> taker) throws SQLException {
        query(
                EVENT + "AND global_index <= ? AND time_stamp < ?"
                        + " AND NOT EXISTS (SELECT FROM audit_leaf WHERE position = global_index) ORDER BY global_index",
                statement -> {
                    statement.setLong(1, upTo);
                    statement.setString(2, before);
                },
                EventStore::event,
                taker);
    }

    /** How many events of users stand behind that position. */
    public long behind(long position) throws SQLException {
        return list(
                        "SELECT count(*) FROM domain_event WHERE payload_type LIKE 'user.%' AND global_index > ?",
                        statement -> statement.setLong(1, position), row -> row.getLong(1))
                .getFirst();
    }

    /**
     * How often something happened.
     *
     * @param type the name in the catalog
     * @param first ISO 8601, of the earliest; {@code last} likewise
     */
    public record TypeCount(String application, String type, long count, String first, String last) {}

    /** All types of events of users, by application. */
    public void counts(Taker<TypeCount> taker) throws SQLException {
        query(
                "SELECT coalesce(meta_data::jsonb ->> 'application', ''), payload_type, count(*), min(time_stamp),"
                        + " max(time_stamp) FROM domain_event WHERE payload_type LIKE 'user.%'"
                        + " GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
                NONE,
                row -> new TypeCount(
                        row.getString(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5)),
                taker);
    }

    /** The user's key as it is stored, wrapped; empty when the user is gone. */
    public Optional<String> wrappedKey(String userId) throws SQLException {
        return list(
                        "SELECT wrapped FROM user_key WHERE user_id = ?",
                        statement -> statement.setObject(1, UUID.fromString(userId)),
                        row -> row.getString(1))
                .stream()
                .findFirst();
    }

    /** The keys of these users as they are stored, wrapped; those who are gone are left out. */
    public Map<String, String> wrappedKeys(Collection<UUID> users) throws SQLException {
        Map<String, String> found = new HashMap<>();
        query(
                "SELECT user_id, wrapped FROM user_key WHERE user_id = ANY (?)",
                statement -> statement.setArray(1, connection.createArrayOf("uuid", users.toArray())),
                row -> Map.entry(row.getString(1), row.getString(2)),
                one -> found.put(one.getKey(), one.getValue()));
        return found;
    }

    /**
     * How far a user has come.
     *
     * @param version the last number of the user's stream, 0 when there is none; {@code loginSequence} likewise
     * @param isDeleted whether the user was deleted
     */
    public record Standing(long version, long loginSequence, boolean isDeleted) {
        private Standing and(Standing other) {
            return new Standing(
                    Math.max(version, other.version),
                    Math.max(loginSequence, other.loginSequence),
                    isDeleted || other.isDeleted);
        }
    }

    /** How far these users have come; those of whom there is no event are left out. */
    public Map<String, Standing> standings(Collection<String> userIds) throws SQLException {
        Object[] streams = userIds.stream()
                .map(StoredEvent::streamsOf)
                .flatMap(Arrays::stream)
                .toArray();
        Map<String, Standing> found = new HashMap<>();
        query(
                "SELECT aggregate_id, max(seq) + 1, bool_or(payload_type = 'user.deleted') FROM domain_event"
                        + " WHERE payload_type LIKE 'user.%' AND aggregate_id = ANY (?) GROUP BY aggregate_id",
                statement -> statement.setArray(1, connection.createArrayOf("text", streams)),
                row -> {
                    String stream = row.getString(1);
                    String user = StoredEvent.userIdOf(stream);
                    boolean isUser = user.equals(stream);
                    long number = row.getLong(2);
                    return Map.entry(user, new Standing(isUser ? number : 0, isUser ? 0 : number, row.getBoolean(3)));
                },
                one -> found.merge(one.getKey(), one.getValue(), Standing::and));
        return found;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
