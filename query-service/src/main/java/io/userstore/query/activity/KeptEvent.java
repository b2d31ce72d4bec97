package io.userstore.query.activity;

import io.userstore.api.event.EventType;
import io.userstore.api.event.UserEvent;
import io.userstore.api.seal.UserKey;
import java.time.Instant;
import java.util.Objects;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Reads the document of one entry.
 *
 * @param key opens what is personal in it; null when it is gone, or nothing is asked of that
 */
record KeptEvent(BsonDocument document, @Nullable UserKey key) {

    EventType type() {
        String name = document.getString(ActivityFields.TYPE).getValue();
        return Objects.requireNonNull(EventType.named(name), name);
    }

    Instant time() {
        return Instant.ofEpochMilli(document.getDateTime(ActivityFields.TIME).getValue());
    }

    long position() {
        return document.getInt64(ActivityFields.POSITION).getValue();
    }

    /** The event's number in that field, or null when it is of the other stream. */
    @Nullable
    Long number(String field) {
        return document.containsKey(field) ? document.getInt64(field).getValue() : null;
    }

    /** The number of an event of the user's stream. */
    long version() {
        return document.getInt64(ActivityFields.VERSION).getValue();
    }

    @Nullable
    String text(String field) {
        return document.isString(field) ? document.getString(field).getValue() : null;
    }

    /** What happened; null for a deletion, of which nothing else is kept. */
    @Nullable
    UserEvent event() {
        return document.isDocument(ActivityFields.DATA)
                ? new Facts(document.getDocument(ActivityFields.DATA), text(ActivityFields.PERSONAL)).event(type(), key)
                : null;
    }
}
