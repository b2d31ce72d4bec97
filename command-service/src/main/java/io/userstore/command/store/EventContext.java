package io.userstore.command.store;

import java.util.HashMap;
import java.util.Map;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Who causes an event, and where: travels as metadata from the command into each of its events. Nothing personal.
 *
 * @param keyId the key that was used, or null when the system itself acts
 * @param requestId the request's id, likewise
 */
public record EventContext(
        String application,
        @Nullable String keyId,
        @Nullable String requestId) {
    static final String APPLICATION = "application";
    static final String KEY_ID = "key_id";
    static final String REQUEST_ID = "request_id";
    static final String POSITION = "position";
    static final String PERSONAL = "personal";
    /** Of a command only; see {@link EventStoreConfiguration} for what goes on from a command to its events. */
    private static final String ENCLOSURE = "enclosure";
    /** Likewise. */
    static final String FROM_MEMORY = "from_memory";

    Map<String, Object> asMetaData() {
        Map<String, Object> metaData = new HashMap<>();
        metaData.put(APPLICATION, application);
        if (keyId != null) {
            metaData.put(KEY_ID, keyId);
        }
        if (requestId != null) {
            metaData.put(REQUEST_ID, requestId);
        }
        return metaData;
    }

    Map<String, Object> asMetaData(@Nullable Enclosure enclosure) {
        Map<String, Object> metaData = asMetaData();
        if (enclosure != null) {
            metaData.put(ENCLOSURE, enclosure);
        }
        return metaData;
    }

    /** What came with the command that is being handled, or null. */
    static @Nullable Enclosure enclosureOf(UnitOfWork<?> unitOfWork) {
        return unitOfWork.getMessage().getMetaData().get(ENCLOSURE) instanceof Enclosure enclosure ? enclosure : null;
    }

    /**
     * Whether the command that is being handled, if any, is decided on the state in memory, without asking who has gone on from it:
     * an append that is not the next is refused, and the command comes again without this.
     */
    static boolean isDecidedFromMemory() {
        return CurrentUnitOfWork.isStarted()
                && CurrentUnitOfWork.get().getMessage().getMetaData().containsKey(FROM_MEMORY);
    }

    /** @throws IllegalArgumentException when the message was not sent by {@link Commands} */
    public static EventContext of(Message<?> message) {
        Map<String, ?> metaData = message.getMetaData();
        if (!(metaData.get(APPLICATION) instanceof String application)) {
            throw new IllegalArgumentException("a message without an application: " + message.getPayloadType());
        }
        return new EventContext(application, (String) metaData.get(KEY_ID), (String) metaData.get(REQUEST_ID));
    }

    /**
     * The event's own place in the history: unique, and the same whenever it is read.
     *
     * @throws IllegalArgumentException when the message does not come from the history
     */
    public static long positionOf(Message<?> message) {
        if (message.getMetaData().get(POSITION) instanceof Number position) {
            return position.longValue();
        }
        throw new IllegalArgumentException("a message without a position: " + message.getPayloadType());
    }

    /** What is personal in an event that comes from the history, as a JWE; null when nothing is. */
    public static @Nullable String personalOf(Message<?> message) {
        return (String) message.getMetaData().get(PERSONAL);
    }
}
