package io.userstore.command.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.userstore.api.seal.MasterKeys;
import io.userstore.api.seal.UserKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.axonframework.common.transaction.TransactionManager;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The keys of users: rows that come in the transaction of a user's creation and go in that of the deletion, wrapped by the
 * master key. Which keys there are is known here and nowhere else; Kafka is told what the rows say. Thread-safe.
 */
public final class UserKeys {
    /** Waits for another creation of the same user, and then tells by the number of rows. */
    private static final String INSERT = "INSERT INTO user_key (user_id, wrapped, master) SELECT user_id, wrapped, ?"
            + " FROM unnest(?, ?) AS made (user_id, wrapped) ON CONFLICT DO NOTHING";

    private final JdbcTemplate jdbc;
    private final MasterKeys masters;
    private final TransactionManager transactions;
    private final Cache<String, UserKey> known;

    UserKeys(JdbcTemplate jdbc, MasterKeys masters, TransactionManager transactions, EventStoreSettings settings) {
        this.jdbc = jdbc;
        this.masters = masters;
        this.transactions = transactions;
        this.known = Caffeine.newBuilder()
                // Its upkeep takes less than to wake another thread for it.
                .executor(Runnable::run)
                .maximumSize(settings.cachedStates())
                .expireAfterWrite(settings.forgetAfter())
                .build();
    }

    /** The key of a user, or empty when there is none any more. */
    Optional<UserKey> find(String userId) {
        return Optional.ofNullable(known.getIfPresent(userId)).or(() -> {
            Optional<UserKey> read = read(userId);
            read.ifPresent(key -> known.put(userId, key));
            return read;
        });
    }

    private Optional<UserKey> read(String userId) {
        return jdbc
                .query(
                        "SELECT wrapped FROM user_key WHERE user_id = ?",
                        (row, n) -> row.getString(1),
                        UUID.fromString(userId))
                .stream()
                .findFirst()
                .map(wrapped -> unwrap(userId, wrapped));
    }

    private UserKey unwrap(String userId, String wrapped) {
        return masters.unwrap(userId, wrapped)
                .orElseThrow(() -> new IllegalStateException(
                        "the key of user " + userId + " was wrapped with another master key"));
    }

    /**
     * Makes keys for new users, to be called in the transaction of their creation. Nobody else is told of them before it has
     * committed: where it does not, another one may make a key for the same user.
     *
     * @return the keys by user
     * @throws OptimisticLockingFailureException when one of the users was created by somebody else meanwhile
     */
    Map<String, UserKey> create(Collection<String> userIds) {
        Map<String, UserKey> keys = new HashMap<>();
        userIds.forEach(userId -> keys.put(userId, UserKey.generate(userId)));
        List<UserKey> all = List.copyOf(keys.values());
        int inserted = jdbc.update(INSERT, statement -> {
            Connection connection = statement.getConnection();
            statement.setString(1, masters.current().id());
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid",
                            all.stream()
                                    .map(key -> UUID.fromString(key.userId()))
                                    .toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "text", all.stream().map(masters::wrap).toArray()));
        });
        if (inserted < all.size()) {
            throw new OptimisticLockingFailureException("a user of the same id was created in the meantime");
        }
        return keys;
    }

    /** Destroys the key of a user, once the transaction commits. */
    void destroy(String userId) {
        jdbc.update("DELETE FROM user_key WHERE user_id = ?", UUID.fromString(userId));
        forget(userId);
    }

    /** Out of memory only. */
    void forget(String userId) {
        known.invalidate(userId);
    }

    boolean remembers(String userId) {
        return known.getIfPresent(userId) != null;
    }

    /** Whether the master key is being replaced, so that there may be something to wrap anew. */
    public boolean isBeingReplaced() {
        return masters.other() != null;
    }

    /** How many keys are wrapped with another master key than that of today, the store's own among them. */
    public long toBeRewrapped() {
        String today = masters.current().id();
        Long count = jdbc.queryForObject(
                "SELECT (SELECT count(*) FROM user_key WHERE master <> ?)"
                        + " + (SELECT count(*) FROM store_key WHERE master <> ?)",
                Long.class,
                today,
                today);
        return count == null ? 0 : count;
    }

    /**
     * Wraps the next keys with the master key of today, in one transaction: nobody can destroy one of them until they are
     * wrapped and told of.
     *
     * @param after the user behind whom to look on, in the order of ids
     * @param limit most keys, from 1
     * @param tell gets the wrapped keys by user before they commit, and throws to have none of them wrapped
     * @return the last user looked at; empty when there is none any more, and then the store's own key is wrapped too
     */
    public Optional<UUID> rewrap(UUID after, int limit, Consumer<Map<String, String>> tell) {
        return transactions.fetchInTransaction(() -> {
            Map<String, String> wrapped = new TreeMap<>();
            jdbc.query(
                    "SELECT user_id, wrapped FROM user_key WHERE master <> ? AND user_id > ?"
                            + " ORDER BY user_id LIMIT ? FOR UPDATE SKIP LOCKED",
                    row -> {
                        String userId = row.getString(1);
                        wrapped.put(userId, masters.wrap(unwrap(userId, row.getString(2))));
                    },
                    masters.current().id(),
                    after,
                    limit);
            if (wrapped.isEmpty()) {
                StoreKeyRow.rewrap(jdbc, masters);
                return Optional.<UUID>empty();
            }
            jdbc.update(
                    "UPDATE user_key SET wrapped = anew.wrapped, master = ?"
                            + " FROM unnest(?, ?) AS anew (user_id, wrapped) WHERE user_key.user_id = anew.user_id",
                    statement -> {
                        Connection connection = statement.getConnection();
                        statement.setString(1, masters.current().id());
                        statement.setArray(2, uuids(connection, wrapped.keySet()));
                        statement.setArray(
                                3,
                                connection.createArrayOf(
                                        "text", wrapped.values().toArray()));
                    });
            tell.accept(wrapped);
            return wrapped.keySet().stream().map(UUID::fromString).max(Comparator.comparing(UUID::toString));
        });
    }

    private static Array uuids(Connection connection, Collection<String> userIds) throws SQLException {
        return connection.createArrayOf(
                "uuid", userIds.stream().map(UUID::fromString).toArray());
    }

    /** The wrapped keys of those users who have one now, by user. */
    public Map<String, String> wrapped(Collection<String> userIds) {
        Map<String, String> wrapped = new HashMap<>();
        jdbc.query(
                "SELECT user_id, wrapped FROM user_key WHERE user_id = ANY (?)",
                statement -> statement.setArray(1, uuids(statement.getConnection(), userIds)),
                row -> {
                    wrapped.put(row.getString(1), row.getString(2));
                });
        return wrapped;
    }
}
