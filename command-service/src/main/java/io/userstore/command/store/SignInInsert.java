package io.userstore.command.store;

import io.userstore.command.signin.SignIns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;

/**
 * The insert of a fact of signing in, as Axon's own, but only while its user is there: it holds off a deletion until it has committed,
 * and what comes after the deletion inserts nothing. Being one statement, it needs no look before it.
 *
 * @param event the event to insert
 * @param payload as it is to be stored, likewise the metadata
 */
record SignInInsert(DomainEventMessage<?> event, SerializedObject<String> payload, SerializedObject<String> metaData) {
    private static final String SQL = """
            INSERT INTO domain_event (event_id, aggregate_id, seq, aggregate_type, time_stamp,
                                      payload_type, payload_revision, payload, meta_data)
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?
            FROM (SELECT 1 FROM reservation WHERE user_id = ? LIMIT 1 FOR KEY SHARE) AS present""";

    static SignInInsert of(DomainEventMessage<?> event, Serializer serializer) {
        return new SignInInsert(
                event,
                event.serializePayload(serializer, String.class),
                event.serializeMetaData(serializer, String.class));
    }

    /** The statement, ready to be executed; whether the user is there it tells by its number of rows. */
    PreparedStatement on(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(SQL);
        statement.setString(1, event.getIdentifier());
        statement.setString(2, event.getAggregateIdentifier());
        statement.setLong(3, event.getSequenceNumber());
        statement.setString(4, event.getType());
        statement.setString(5, DateTimeUtils.formatInstant(event.getTimestamp()));
        statement.setString(6, payload.getType().getName());
        statement.setString(7, payload.getType().getRevision());
        statement.setString(8, payload.getData());
        statement.setString(9, metaData.getData());
        statement.setObject(10, UUID.fromString(SignIns.userIdOf(event.getAggregateIdentifier())));
        return statement;
    }
}
