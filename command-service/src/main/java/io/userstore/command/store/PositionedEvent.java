package io.userstore.command.store;

import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;

/**
 * A tracked event as the publisher reads it: with its own place in the history, and what is personal as it is sealed, both
 * in its metadata. The tracking token does not tell the place: for an event whose transaction committed late, the token stays
 * at the event after it.
 */
final class PositionedEvent extends TrackedDomainEventData<String> {
    private final SerializedObject<String> metaData;

    private PositionedEvent(TrackedDomainEventData<String> tracked, TrackingToken token, String payload, String added) {
        super(token, new RewrittenEvent(tracked, payload));
        String json = tracked.getMetaData().getData();
        String rest = json.strip().substring(1).strip();
        String separator = rest.startsWith("}") ? "" : ",";
        this.metaData = new SerializedMetaData<>("{" + added + separator + rest, String.class);
    }

    /** @param token to go on from, in place of the event's own */
    static PositionedEvent of(TrackedDomainEventData<String> tracked, long position, TrackingToken token) {
        String payload = tracked.getPayload().getData();
        String place = "\"" + EventContext.POSITION + "\":" + position;
        SealedJson json = SealedJson.of(payload);
        String personal = json.personal();
        return personal == null
                ? new PositionedEvent(tracked, token, payload, place)
                : new PositionedEvent(
                        tracked,
                        token,
                        json.withoutPersonal(),
                        // No character of a JWE needs an escape.
                        place + ",\"" + EventContext.PERSONAL + "\":\"" + personal + "\"");
    }

    @Override
    public SerializedObject<String> getMetaData() {
        return metaData;
    }
}
