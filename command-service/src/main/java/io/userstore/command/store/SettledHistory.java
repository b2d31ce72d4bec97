package io.userstore.command.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.function.Supplier;
import org.axonframework.common.jdbc.JdbcUtils;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;

/**
 * How far the history is settled: up to there, a place that is empty stays so. An append takes its place in the history before it
 * commits, so a reader may find a later one first, and whether an empty place will ever be filled no clock can tell: a database may
 * stand still for minutes, and so may a client. What can be told is who is appending. Each append holds a lock on the table, from
 * before it takes a place until its transaction ends
 * (<a href="https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES">ROW EXCLUSIVE</a>); so once all are gone
 * who held one when the last place was {@code n}, nothing comes at {@code n} or before. Thread-safe.
 */
final class SettledHistory {
    /** Before the first place. */
    static final long NOTHING = 0;

    private static final long PERIOD_NANOS = Duration.ofMillis(200).toNanos();

    /** The locks are looked at after the statement has begun to see the table, so nobody is missed. */
    private static final String LOOK = """
            SELECT (SELECT coalesce(max(global_index), 0) FROM domain_event),
                   array(SELECT virtualtransaction FROM pg_locks
                          WHERE relation = 'domain_event'::regclass AND mode = 'RowExclusiveLock' AND granted
                            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """;

    private long settled = NOTHING;
    private @Nullable Look open;
    private long lookedAt;
    private boolean looked;

    /** The last place in the history, and who was appending. */
    private record Look(long last, Set<String> appending) {}

    /**
     * A place up to which the history was settled when this was called: as far as is known already or, where that is not far enough
     * and it was not asked just now, as the database tells. Whoever reads after this finds everything that is there up to it.
     *
     * @param wanted how far it has to be settled to be of use
     * @param connections gives a connection, which is closed
     * @throws EventStoreException when the database cannot be asked
     */
    synchronized long look(long wanted, Supplier<Connection> connections) {
        long now = System.nanoTime();
        if (wanted <= settled || looked && now - lookedAt < PERIOD_NANOS) {
            return settled;
        }
        Look found = JdbcUtils.executeQuery(
                connections.get(),
                connection -> connection.prepareStatement(LOOK),
                SettledHistory::look,
                e -> new EventStoreException("it cannot be told who is appending", e));
        looked = true;
        lookedAt = now;
        if (open == null || Collections.disjoint(open.appending, found.appending)) {
            settled = open == null ? settled : open.last;
            open = found;
        }
        if (open.appending.isEmpty()) {
            settled = open.last;
            open = null;
        }
        return settled;
    }

    private static Look look(ResultSet row) throws SQLException {
        row.next();
        Array appending = row.getArray(2);
        return new Look(row.getLong(1), Set.of((String[]) appending.getArray()));
    }
}
