package io.userstore.command.store;

import java.time.Instant;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;

/** A stored event whose payload reads differently from how it is stored. */
record RewrittenEvent(DomainEventData<?> of, String payload) implements DomainEventData<String> {
    @Override
    public String getType() {
        return of.getType();
    }

    @Override
    public String getAggregateIdentifier() {
        return of.getAggregateIdentifier();
    }

    @Override
    public long getSequenceNumber() {
        return of.getSequenceNumber();
    }

    @Override
    public String getEventIdentifier() {
        return of.getEventIdentifier();
    }

    @Override
    public Instant getTimestamp() {
        return of.getTimestamp();
    }

    @Override
    @SuppressWarnings("unchecked") // the data type of this storage is text
    public SerializedObject<String> getMetaData() {
        return (SerializedObject<String>) of.getMetaData();
    }

    @Override
    public SerializedObject<String> getPayload() {
        return new SimpleSerializedObject<>(
                payload, String.class, of.getPayload().getType());
    }
}
