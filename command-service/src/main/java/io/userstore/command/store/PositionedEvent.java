package io.userstore.command.store;

import java.time.Instant;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;

/**
 * A tracked event that carries its own place in the history in its metadata. The tracking token does not tell it: for
 * an event whose transaction committed late, the token stays at the event after it.
 */
final class PositionedEvent extends TrackedDomainEventData<String> {
    private final SerializedObject<String> metaData;

    PositionedEvent(TrackedDomainEventData<String> tracked, long position) {
        super(tracked.trackingToken(), new Plain(tracked));
        String json = tracked.getMetaData().getData();
        String rest = json.strip().substring(1).strip();
        String separator = rest.startsWith("}") ? "" : ",";
        this.metaData = new SerializedMetaData<>(
                "{\"" + EventContext.POSITION + "\":" + position + separator + rest, String.class);
    }

    @Override
    public SerializedObject<String> getMetaData() {
        return metaData;
    }

    /** The event without its token, as the superclass wants it. */
    private record Plain(TrackedDomainEventData<String> of) implements DomainEventData<String> {
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
        public SerializedObject<String> getMetaData() {
            return of.getMetaData();
        }

        @Override
        public SerializedObject<String> getPayload() {
            return of.getPayload();
        }
    }
}
