package io.userstore.command.audit;

import io.userstore.api.audit.Frontier;
import io.userstore.api.audit.Hash;
import io.userstore.api.audit.Proofs;
import io.userstore.api.audit.Subtree;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The tree in its tables. Leaves are never changed and never taken away; an event is one leaf however often it is published,
 * which its position decides. Thread-safe.
 */
public final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final String STATE = "SELECT size, last_position, frontier, complete FROM audit_tree";
    private static final String LEAF = "SELECT leaf_index, position, event_id, hash FROM audit_leaf";

    /** Leaves, subtrees and the new edge, in one statement. */
    private static final String APPEND = """
            WITH leaf AS (
                INSERT INTO audit_leaf (leaf_index, position, event_id, hash) SELECT * FROM unnest(?, ?, ?, ?)
            ), node AS (
                INSERT INTO audit_node (level, node_index, hash) SELECT * FROM unnest(?, ?, ?)
            )
            UPDATE audit_tree SET size = ?, last_position = ?, frontier = ?
            """;

    private final JdbcTemplate jdbc;
    private final Proofs proofs = new Proofs(this::kept);

    AuditLog(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A published event that is to be a leaf. */
    public record Entry(long position, UUID eventId, Hash hash) {}

    /** An event that is one. */
    public record Leaf(long index, long position, UUID eventId, Hash hash) {}

    /**
     * The tree at one moment.
     *
     * @param complete false while events that were published before there was a tree are not in it yet
     */
    record State(long lastPosition, Frontier frontier, boolean complete) {}

    /**
     * Appends those that are no leaf yet. To be called in the transaction that also remembers that they were published: with
     * it they are there, or not. Whoever else appends meanwhile waits for its end.
     */
    public void append(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        State before = state(STATE + " FOR UPDATE");
        List<Entry> fresh = withoutThoseThere(entries, before.lastPosition());
        if (fresh.isEmpty()) {
            return;
        }
        Frontier edge = before.frontier();
        long first = edge.size();
        Map<Subtree, Hash> nodes = new LinkedHashMap<>();
        for (Entry entry : fresh) {
            edge.append(entry.hash(), (subtree, hash) -> {
                if (subtree.level() > 0 && Proofs.isKept(subtree)) {
                    nodes.put(subtree, hash);
                }
            });
        }
        long last = Math.max(
                before.lastPosition(),
                fresh.stream().mapToLong(Entry::position).max().orElse(0));
        List<Subtree> subtrees = List.copyOf(nodes.keySet());
        jdbc.update(APPEND, statement -> {
            Connection connection = statement.getConnection();
            Long[] indexes = new Long[fresh.size()];
            for (int i = 0; i < indexes.length; i++) {
                indexes[i] = first + i;
            }
            statement.setArray(1, connection.createArrayOf("bigint", indexes));
            statement.setArray(2, longs(connection, fresh, Entry::position));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "uuid", fresh.stream().map(Entry::eventId).toArray()));
            statement.setArray(
                    4, hashes(connection, fresh.stream().map(Entry::hash).toList()));
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "smallint",
                            subtrees.stream().map(node -> (short) node.level()).toArray()));
            statement.setArray(6, longs(connection, subtrees, Subtree::index));
            statement.setArray(7, hashes(connection, nodes.values()));
            statement.setLong(8, edge.size());
            statement.setLong(9, last);
            statement.setBytes(10, edge.encoded());
        });
    }

    /** Each position once, without those that are leaves already; these must be what they were. */
    private List<Entry> withoutThoseThere(List<Entry> entries, long lastPosition) {
        List<Long> old = entries.stream()
                .map(Entry::position)
                .filter(position -> position <= lastPosition)
                .toList();
        Map<Long, Hash> there = new HashMap<>();
        if (!old.isEmpty()) {
            jdbc.query(
                    "SELECT position, hash FROM audit_leaf WHERE position = ANY (?)",
                    statement ->
                            statement.setArray(1, statement.getConnection().createArrayOf("bigint", old.toArray())),
                    row -> {
                        there.put(row.getLong(1), Hash.of(row.getBytes(2)));
                    });
        }
        List<Entry> fresh = new ArrayList<>(entries.size());
        Set<Long> seen = new HashSet<>();
        for (Entry entry : entries) {
            Hash before = there.get(entry.position());
            if (before == null && seen.add(entry.position())) {
                fresh.add(entry);
            } else if (before != null && !before.equals(entry.hash())) {
                LOG.error(
                        "the event at position {} was published again with other bytes; its proof holds for those of before",
                        entry.position());
            }
        }
        return fresh;
    }

    State state() {
        return state(STATE);
    }

    private State state(String select) {
        State state = jdbc.queryForObject(
                select,
                (row, n) -> new State(
                        row.getLong("last_position"),
                        Frontier.of(row.getLong("size"), row.getBytes("frontier")),
                        row.getBoolean("complete")));
        if (state == null) {
            throw new IllegalStateException("the table audit_tree has one row");
        }
        return state;
    }

    /** Whether all that was published is in the tree. */
    public boolean isComplete() {
        return state().complete();
    }

    /** To be called when all that was published before there was a tree is in it. */
    public void complete() {
        jdbc.update("UPDATE audit_tree SET complete = true");
    }

    /** Leaves of the tree. */
    public long size() {
        return state().frontier().size();
    }

    /** The largest position among the leaves, 0 before the first. */
    public long lastPosition() {
        return state().lastPosition();
    }

    /** The leaf of the event at that position. */
    public Optional<Leaf> at(long position) {
        return find(LEAF + " WHERE position = ?", position);
    }

    /** The leaf of that event. */
    public Optional<Leaf> of(UUID eventId) {
        return find(LEAF + " WHERE event_id = ?", eventId);
    }

    private Optional<Leaf> find(String select, Object key) {
        return jdbc
                .query(
                        select,
                        (row, n) -> new Leaf(
                                row.getLong(1), row.getLong(2), row.getObject(3, UUID.class), Hash.of(row.getBytes(4))),
                        key)
                .stream()
                .findFirst();
    }

    /** The application whose event stands at that position. */
    public Optional<String> applicationAt(long position) {
        return jdbc
                .query(
                        "SELECT meta_data::jsonb ->> 'application' FROM domain_event WHERE global_index = ?",
                        (row, n) -> Optional.ofNullable(row.getString(1)),
                        position)
                .stream()
                .findFirst()
                .flatMap(application -> application);
    }

    /** Proofs of trees of up to {@link #size} leaves. */
    public Proofs proofs() {
        return proofs;
    }

    private Map<Subtree, Hash> kept(Set<Subtree> needed) {
        List<Subtree> leaves =
                needed.stream().filter(subtree -> subtree.level() == 0).toList();
        List<Subtree> nodes =
                needed.stream().filter(subtree -> subtree.level() > 0).toList();
        Map<Subtree, Hash> found = new HashMap<>();
        jdbc.query(
                """
                SELECT 0, leaf_index, hash FROM audit_leaf WHERE leaf_index = ANY (?)
                UNION ALL
                SELECT level, node_index, hash FROM audit_node
                 WHERE (level, node_index) IN (SELECT * FROM unnest(?::smallint[], ?::bigint[]))
                """,
                statement -> {
                    Connection connection = statement.getConnection();
                    statement.setArray(1, longs(connection, leaves, Subtree::index));
                    statement.setArray(
                            2,
                            connection.createArrayOf(
                                    "smallint",
                                    nodes.stream()
                                            .map(node -> (short) node.level())
                                            .toArray()));
                    statement.setArray(3, longs(connection, nodes, Subtree::index));
                },
                row -> {
                    found.put(new Subtree(row.getInt(1), row.getLong(2)), Hash.of(row.getBytes(3)));
                });
        return found;
    }

    private static <T> Array longs(Connection connection, Collection<T> of, ToLongFunction<T> value)
            throws SQLException {
        return connection.createArrayOf(
                "bigint", of.stream().map(value::applyAsLong).toArray());
    }

    private static Array hashes(Connection connection, Collection<Hash> hashes) throws SQLException {
        return connection.createArrayOf(
                "bytea", hashes.stream().map(Hash::bytes).toArray(byte[][]::new));
    }
}
