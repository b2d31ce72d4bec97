package io.userstore.command.publish;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.json.Json;
import io.userstore.command.publish.ErasureCertificate.Statement;
import io.userstore.command.sign.SigningKey;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Certifies deletions, from the history alone: the same for ever, whatever is left of the user. Thread-safe. */
public final class ErasureCertificates {
    private static final String DELETION = """
            SELECT event_id, time_stamp, seq, global_index, payload, payload_revision, meta_data
              FROM domain_event WHERE aggregate_id = ? AND payload_type = ?""";

    private final JdbcTemplate jdbc;
    private final Serializer serializer;
    private final @Nullable SigningKey key;

    /** @param key null for none, and then certificates are not signed */
    ErasureCertificates(JdbcTemplate jdbc, Serializer serializer, @Nullable SigningKey key) {
        this.jdbc = jdbc;
        this.serializer = serializer;
        this.key = key;
    }

    /** The certificate; empty when no such user of that application has been deleted. */
    public Optional<ErasureCertificate> find(String application, UUID userId) {
        return jdbc
                .query(
                        DELETION,
                        (row, n) -> deletion(userId, row),
                        userId.toString(),
                        EventType.USER_DELETED.catalogName())
                .stream()
                .filter(event -> event.application().equals(application))
                .findFirst()
                .map(this::certificate);
    }

    private PublishedEvent deletion(UUID userId, ResultSet row) throws SQLException {
        UserDeleted deleted = serializer.deserialize(new SimpleSerializedObject<>(
                row.getString("payload"),
                String.class,
                EventType.USER_DELETED.catalogName(),
                row.getString("payload_revision")));
        JsonNode metaData = Json.MAPPER.readTree(row.getString("meta_data"));
        return new PublishedEvent(
                row.getString("event_id"),
                Instant.parse(row.getString("time_stamp")).truncatedTo(ChronoUnit.MILLIS),
                metaData.path("application").asString(""),
                userId.toString(),
                row.getLong("seq") + 1,
                row.getLong("global_index"),
                new PublishedEvent.Actor(text(metaData, "key_id"), text(metaData, "request_id")),
                Publication.of(deleted));
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null || value.isNull() ? null : value.asString();
    }

    private ErasureCertificate certificate(PublishedEvent event) {
        Statement statement = new Statement(
                event.userId(),
                event.application(),
                event.time(),
                event.actor().keyId(),
                event.actor().requestId(),
                event.id(),
                event.position(),
                sha256(EventCodec.value(event)));
        return key == null
                ? new ErasureCertificate(statement, null, null)
                : new ErasureCertificate(statement, signed(statement, key), key.publicPem());
    }

    private static String signed(Statement statement, SigningKey key) {
        String header = "{\"alg\":\"EdDSA\",\"kid\":\"" + key.keyId() + "\"}";
        String signed = base64(header.getBytes(StandardCharsets.UTF_8))
                + '.'
                + base64(Json.MAPPER.writeValueAsBytes(statement));
        return signed + '.' + base64(key.sign(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
