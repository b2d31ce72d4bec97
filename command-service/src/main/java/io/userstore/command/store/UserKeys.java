package io.userstore.command.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.userstore.api.seal.MasterKeys;
import io.userstore.api.seal.UserKey;
import java.sql.Connection;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The keys of users: rows that come in the transaction of a user's creation and go in that of the deletion, wrapped by the
 * master key. Which keys there are is known here and nowhere else; Kafka is told what the rows say. Thread-safe.
 */
public final class UserKeys {
    private final JdbcTemplate jdbc;
    private final MasterKeys masters;
    private final Cache<String, UserKey> known;

    UserKeys(JdbcTemplate jdbc, MasterKeys masters, EventStoreSettings settings) {
        this.jdbc = jdbc;
        this.masters = masters;
        this.known = Caffeine.newBuilder()
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
                .map(wrapped -> masters.unwrap(userId, wrapped)
                        .orElseThrow(() -> new IllegalStateException(
                                "the key of user " + userId + " was wrapped with another master key")));
    }

    /**
     * Makes keys for new users, to be called in the transaction of their creation. Nobody else is told of them before it has
     * committed: where it does not, another one may make a key for the same user.
     *
     * @return the keys by user
     */
    Map<String, UserKey> create(Collection<String> userIds) {
        Map<String, UserKey> keys = new HashMap<>();
        userIds.forEach(userId -> keys.put(userId, UserKey.generate(userId)));
        List<UserKey> all = List.copyOf(keys.values());
        jdbc.update("INSERT INTO user_key (user_id, wrapped, master) SELECT *, ? FROM unnest(?, ?)", statement -> {
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
        return keys;
    }

    /** Destroys the key of a user, once the transaction commits. */
    void destroy(String userId) {
        jdbc.update("DELETE FROM user_key WHERE user_id = ?", UUID.fromString(userId));
        known.invalidate(userId);
    }

    /** The wrapped keys of those users who have one now, by user. */
    public Map<String, String> wrapped(Collection<String> userIds) {
        Map<String, String> wrapped = new HashMap<>();
        jdbc.query(
                "SELECT user_id, wrapped FROM user_key WHERE user_id = ANY (?)",
                statement -> statement.setArray(
                        1,
                        statement
                                .getConnection()
                                .createArrayOf(
                                        "uuid",
                                        userIds.stream().map(UUID::fromString).toArray())),
                row -> {
                    wrapped.put(row.getString(1), row.getString(2));
                });
        return wrapped;
    }
}
