package io.userstore.query.activity;

import io.userstore.api.event.EventType;
import io.userstore.api.event.UserEvent;
import java.time.Instant;
import java.util.Objects;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** Reads the document of one entry. */
record KeptEvent(BsonDocument document) {

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
                ? new Facts(document.getDocument(ActivityFields.DATA), text(ActivityFields.PERSONAL)).event(type())
                : null;
    }
}
