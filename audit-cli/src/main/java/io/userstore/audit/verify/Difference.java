package io.userstore.audit.verify;

import io.userstore.audit.source.Leaf;
import io.userstore.audit.source.LogRecord;
import io.userstore.audit.source.StoredEvent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it was, or as it has to be. Says nothing personal.
 *
 * @param what a sentence
 * @param eventId which event; null where it is not one event
 * @param position its place in the history, or null
 * @param partition where its record stands in the log, or null where it has none; likewise {@code offset}
 */
public record Difference(
        Kind kind,
        String what,
        @Nullable String eventId,
        @Nullable Long position,
        @Nullable String userId,
        @Nullable Integer partition,
        @Nullable Long offset) {

    /** What sort of difference; in lower case in JSON. */
    public enum Kind {
        /** The stored event is another than the one that was published. */
        STORED_CHANGED,
        /** The stored event is gone. */
        STORED_MISSING,
        /** The numbers of a stream have a gap, or two events stand in the wrong order, or have one id. */
        STORED_NUMBERS,
        /** An event was passed over by the publisher. */
        NOT_PUBLISHED,
        /** The record in the log is another than the one that was published. */
        RECORD_CHANGED,
        /** The record is gone. */
        RECORD_MISSING,
        /** A record that nobody has published. */
        RECORD_UNKNOWN,
        /** Numbers that are left out, or come too late. */
        RECORD_ORDER,
        /** The leaf is another than that of the event that store and log hold. */
        LEAF_CHANGED,
        /** The leaf is gone. */
        LEAF_MISSING,
        /** The tree is not the one that was signed. */
        ROOT_CHANGED,
        /** A head whose signature is not that of the key given. */
        HEAD_NOT_SIGNED,
        /** A head that is known to one side only, or to each with another root. */
        HEAD_CHANGED,
        /** A document of a read model is another than what the events come to. */
        DOCUMENT_CHANGED,
        /** A document of a read model is not there. */
        DOCUMENT_MISSING,
        /** A document of a read model that no event has made. */
        DOCUMENT_UNKNOWN;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Difference of(Kind kind, String what) {
        return new Difference(kind, what, null, null, null, null, null);
    }

    static Difference of(Kind kind, String what, StoredEvent event) {
        return new Difference(kind, what, event.eventId(), event.position(), event.userId(), null, null);
    }

    static Difference of(Kind kind, String what, LogRecord record, @Nullable Long position) {
        return new Difference(
                kind, what, record.text("ce_id"), position, record.key(), record.partition(), record.offset());
    }

    static Difference of(Kind kind, String what, Leaf leaf, @Nullable String userId) {
        return new Difference(kind, what, leaf.eventId(), leaf.position(), userId, null, null);
    }
}
