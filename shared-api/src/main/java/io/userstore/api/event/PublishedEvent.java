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
 * @param data the fact; while what is personal in it is sealed and not opened, nothing stands in its place
 * @param seal what is personal, as it was published; null in an event that says nothing personal
 */
public record PublishedEvent(
        String id,
        Instant time,
        String application,
        String userId,
        long sequence,
        long position,
        Actor actor,
        UserEvent data,
        @Nullable Seal seal) {

    /** An event of which nothing is sealed. */
    public PublishedEvent(
            String id,
            Instant time,
            String application,
            String userId,
            long sequence,
            long position,
            Actor actor,
            UserEvent data) {
        this(id, time, application, userId, sequence, position, actor, data, null);
    }

    /**
     * What is personal in an event.
     *
     * @param jwe under the user's key, see {@link io.userstore.api.seal.UserKey}
     * @param opened whether the event's data says it too
     */
    public record Seal(String jwe, boolean opened) {}

    /** Who did it: the key that was used and the request it came with; null where nobody asked from outside. */
    public record Actor(@Nullable String keyId, @Nullable String requestId) {}

    /** Whether there is something personal that its data does not say: not yet, or since the user's key is gone never again. */
    public boolean isSealed() {
        return seal != null && !seal.opened();
    }

    public EventType type() {
        return EventType.of(data);
    }
}
