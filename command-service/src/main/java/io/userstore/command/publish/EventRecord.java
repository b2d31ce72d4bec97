package io.userstore.command.publish;

import io.userstore.api.audit.EventLeaf;
import io.userstore.api.audit.Hash;
import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.PublishedEvent.Actor;
import io.userstore.api.event.Topics;
import io.userstore.api.event.UserEvent;
import io.userstore.command.audit.AuditLog;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.store.EventContext;
import io.userstore.command.user.StoredUserEvent;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.eventhandling.DomainEventMessage;

/**
 * A stored event of a user as it is published: what Kafka gets, and what it is in the audit log. Follows from the history
 * alone, so it is the same whenever it is made.
 */
record EventRecord(PublishedEvent event, ProducerRecord<byte[], byte[]> toSend, AuditLog.Entry leaf) {

    /** @param message from the history, of a user */
    static EventRecord of(DomainEventMessage<?> message) {
        PublishedEvent event = publish(message);
        Map<String, byte[]> headers = EventCodec.headers(event);
        byte[] value = EventCodec.value(event);
        ProducerRecord<byte[], byte[]> toSend = new ProducerRecord<>(
                Topics.EVENTS,
                null,
                event.time().toEpochMilli(),
                event.userId().getBytes(StandardCharsets.UTF_8),
                value);
        headers.forEach((name, bytes) -> toSend.headers().add(name, bytes));
        Hash hash = EventLeaf.hash(headers::get, value)
                .orElseThrow(() -> new IllegalStateException("an event of ours has all that a leaf needs"));
        return new EventRecord(event, toSend, new AuditLog.Entry(event.position(), UUID.fromString(event.id()), hash));
    }

    private static PublishedEvent publish(DomainEventMessage<?> message) {
        String aggregateId = message.getAggregateIdentifier();
        String userId;
        UserEvent data;
        switch (message.getPayload()) {
            case StoredUserEvent stored -> {
                userId = aggregateId;
                data = Publication.of(stored);
            }
            case StoredSignInEvent stored -> {
                userId = SignIns.userIdOf(aggregateId);
                data = Publication.of(stored);
            }
            default -> throw new IllegalStateException("no publication for " + message.getPayloadType());
        }
        EventContext context = EventContext.of(message);
        String personal = EventContext.personalOf(message);
        return new PublishedEvent(
                message.getIdentifier(),
                message.getTimestamp().truncatedTo(ChronoUnit.MILLIS),
                context.application(),
                userId,
                message.getSequenceNumber() + 1,
                EventContext.positionOf(message),
                new Actor(context.keyId(), context.requestId()),
                data,
                personal == null ? null : new PublishedEvent.Seal(personal, false));
    }
}
