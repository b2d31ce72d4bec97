package io.userstore.audit.readmodel;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.seal.UserKey;
import io.userstore.audit.fold.UserView;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A user as the events so far make them, and what else of the events the read models hold. Not thread-safe. */
final class FoldedUser {
    private final String id;
    private final UserView view;
    private long version;
    private long loginSequence;
    private long createdAt;
    private boolean hasKey = true;
    private boolean keySought;
    private @Nullable UserKey key;
    private boolean opened = true;
    private @Nullable Set<String> withoutEntry;

    FoldedUser(String id) {
        this.id = id;
        view = new UserView(id);
    }

    String id() {
        return id;
    }

    UserView view() {
        return view;
    }

    long version() {
        return version;
    }

    long loginSequence() {
        return loginSequence;
    }

    /** The position of the event that created the user. */
    long createdAt() {
        return createdAt;
    }

    boolean isDeleted() {
        return view.field(UserView.DELETED) != null;
    }

    /** Whether there is, or was, a user: false for one of whom only sign-ins are known. */
    boolean isCreated() {
        return version > 0;
    }

    /** False when the user's key is gone: they are deleted, or about to be. */
    boolean hasKey() {
        return hasKey;
    }

    boolean isKeySought() {
        return keySought;
    }

    /** @param found null when it cannot be unwrapped, for want of a master key */
    void setKey(boolean exists, @Nullable UserKey found) {
        keySought = true;
        hasKey = exists;
        key = found;
    }

    /** Whether everything personal was opened, so that it can be compared. */
    boolean isOpened() {
        return opened;
    }

    /**
     * Whether the event is the next of its user. One with a lower number came before; one with a higher does not follow, and no view
     * takes it: where the log has lost its beginning and was filled again, it comes once more in its place.
     */
    boolean isNext(EventStream stream, long number, boolean creates) {
        return creates != isCreated() && number == (stream == EventStream.USER ? version : loginSequence) + 1;
    }

    void apply(PublishedEvent sealed) {
        PublishedEvent event = open(sealed);
        if (event.isSealed() && event.type().stream() == EventStream.USER) {
            opened = false;
        }
        view.apply(event);
        if (event.data() instanceof UserEvent.UserCreated) {
            createdAt = event.position();
        }
        advance(event.type().stream(), event.sequence());
    }

    private PublishedEvent open(PublishedEvent event) {
        // Nothing personal of sign-ins is in the documents.
        if (key == null || event.type().stream() != EventStream.USER) {
            return event;
        }
        try {
            return EventCodec.open(event, key);
        } catch (EventCodec.UndecodableEventException e) {
            // No view could take it either, which their numbers tell.
            return event;
        }
    }

    /** An event of a type that is not known here. */
    void skip(EventStream stream, long number) {
        view.skip(stream, number);
        advance(stream, number);
        without(stream, number);
    }

    private void advance(EventStream stream, long number) {
        if (stream == EventStream.USER) {
            version = number;
        } else {
            loginSequence = number;
        }
    }

    private void without(EventStream stream, long number) {
        if (withoutEntry == null) {
            withoutEntry = new HashSet<>();
        }
        withoutEntry.add(stream + "|" + number);
    }

    /** Whether that event has an entry in the activity. */
    boolean hasEntry(EventStream stream, long number) {
        return withoutEntry == null || !withoutEntry.contains(stream + "|" + number);
    }
}
