package io.userstore.command.store;

import io.userstore.api.key.KeyGrant;
import io.userstore.command.application.ApplicationAggregate;
import io.userstore.command.application.StoredApplicationEvent;
import io.userstore.command.application.StoredApplicationEvent.ApplicationCreated;
import io.userstore.command.application.StoredApplicationEvent.KeyIssued;
import io.userstore.command.application.StoredApplicationEvent.KeyRevoked;
import io.userstore.command.application.StoredApplicationEvent.KeyRotated;
import io.userstore.command.application.StoredApplicationEvent.SettingsChanged;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which applications there are and what their keys grant: rows written in the transaction that appends the event, with a
 * counter that grows with each change. Thread-safe.
 */
public final class ApiKeyRows implements AppendFollower {
    private static final String KEYS = "SELECT id, application, digest, permissions, expires_at FROM api_key";

    private final JdbcTemplate jdbc;

    ApiKeyRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Every grant, by key id, as it was when the counter stood there. */
    record Snapshot(long counter, Map<String, KeyGrant> grants) {}

    @Override
    public void follow(List<? extends DomainEventMessage<?>> messages, @Nullable Enclosure enclosure) {
        for (DomainEventMessage<?> message : messages) {
            if (message.getPayload() instanceof StoredApplicationEvent event) {
                String application = ApplicationAggregate.nameOf(message.getAggregateIdentifier());
                follow(application, event, message.getTimestamp().truncatedTo(ChronoUnit.MILLIS));
            }
        }
    }

    private void follow(String application, StoredApplicationEvent event, Instant time) {
        switch (event) {
            case ApplicationCreated(var name, var settings) -> create(name, settings.mailServer() != null);
            case SettingsChanged(var settings) ->
                jdbc.update(
                        "UPDATE application SET own_mail_server = ? WHERE name = ?",
                        settings.mailServer() != null,
                        application);
            case KeyIssued(var keyId, var digest, var permissions, var name) -> {
                insert(application, keyId, digest, permissions);
                changed(time);
            }
            case KeyRotated(var keyId, var overlap, var newKeyId, var digest, var permissions, var name) -> {
                if (overlap == 0) {
                    delete(keyId);
                } else {
                    Instant end = time.plusSeconds(overlap);
                    jdbc.update("UPDATE api_key SET expires_at = ? WHERE id = ?", sql(end), keyId);
                }
                insert(application, newKeyId, digest, permissions);
                changed(time);
            }
            case KeyRevoked(var keyId) -> {
                delete(keyId);
                changed(time);
            }
        }
    }

    /** @throws OptimisticLockingFailureException when somebody else was faster: to be decided again, and then refused */
    private void create(String name, boolean ownMailServer) {
        try {
            jdbc.update("INSERT INTO application (name, own_mail_server) VALUES (?, ?)", name, ownMailServer);
        } catch (DuplicateKeyException e) {
            throw new OptimisticLockingFailureException("the application was created meanwhile", e);
        }
    }

    private void insert(String application, String keyId, String digest, Set<String> permissions) {
        jdbc.update(
                "INSERT INTO api_key (id, application, digest, permissions) VALUES (?, ?, ?, ?)",
                keyId,
                application,
                digest,
                String.join(" ", permissions));
    }

    private void delete(String keyId) {
        jdbc.update("DELETE FROM api_key WHERE id = ?", keyId);
    }

    /** Takes the opportunity to sweep out what has expired. */
    private void changed(Instant time) {
        jdbc.update("DELETE FROM api_key WHERE expires_at < ?", sql(time));
        jdbc.update("UPDATE api_key_change SET counter = counter + 1");
    }

    private static OffsetDateTime sql(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** Where the counter stands. */
    long counter() {
        Long counter = jdbc.queryForObject("SELECT counter FROM api_key_change", Long.class);
        return counter == null ? 0 : counter;
    }

    /** Everything, at one moment: one statement sees one state of the database. */
    Snapshot snapshot() {
        Map<String, KeyGrant> grants = new HashMap<>();
        long[] counter = {0};
        jdbc.query("SELECT c.counter, k.* FROM api_key_change c LEFT JOIN (" + KEYS + ") k ON true", row -> {
            counter[0] = row.getLong("counter");
            if (row.getString("id") != null) {
                grants.put(row.getString("id"), grant(row));
            }
        });
        return new Snapshot(counter[0], grants);
    }

    /** What a key grants now; empty when it was revoked. */
    public Optional<KeyGrant> find(String keyId) {
        return jdbc.query(KEYS + " WHERE id = ?", (row, number) -> grant(row), keyId).stream()
                .findFirst();
    }

    private static KeyGrant grant(ResultSet row) throws SQLException {
        String permissions = row.getString("permissions");
        OffsetDateTime expiresAt = row.getObject("expires_at", OffsetDateTime.class);
        return new KeyGrant(
                row.getString("application"),
                row.getString("digest"),
                permissions.isEmpty() ? Set.of() : Set.of(permissions.split(" ")),
                expiresAt == null ? null : expiresAt.toInstant());
    }

    /** Names of applications in their order, at most {@code limit}, those behind {@code after} where it is given. */
    public List<String> applications(@Nullable String after, int limit) {
        return jdbc.query(
                "SELECT name FROM application WHERE name > ? ORDER BY name LIMIT ?",
                (row, number) -> row.getString("name"),
                after == null ? "" : after,
                limit);
    }

    /** How many applications there are. */
    public long countApplications() {
        Long count = jdbc.queryForObject("SELECT count(*) FROM application", Long.class);
        return count == null ? 0 : count;
    }
}
