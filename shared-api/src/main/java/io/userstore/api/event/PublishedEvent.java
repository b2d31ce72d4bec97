package io.userstore.api.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event as the world sees it: the fact and who, when and where in the history.
 *
 * @param id unique per event and the same in every redelivery
 * @param time when it was decided, UTC, milliseconds
 * @param application the application that the user belongs to
 * @param userId the user, and the key of the record
 * @param sequence the event's number within its user's stream ({@link EventType#stream()}), from 1, without gaps
 * @param position the event's place in the whole history: grows with time, unique, with gaps
 * @param actor who did it
 * @param data the fact
 */
public record PublishedEvent(
        String id,
        Instant time,
        String application,
        String userId,
        long sequence,
        long position,
        Actor actor,
        UserEvent data) {

    /** Who did it: the key that was used and the request it came with; null where nobody asked from outside. */
    public record Actor(@Nullable String keyId, @Nullable String requestId) {}

    public EventType type() {
        return EventType.of(data);
    }
}
