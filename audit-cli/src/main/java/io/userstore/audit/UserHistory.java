package io.userstore.audit;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.seal.MasterKeys;
import io.userstore.api.seal.UserKey;
import io.userstore.audit.source.EventStore;
import io.userstore.audit.source.StoredEvent;
import io.userstore.audit.source.UnreadableEventException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The events of one user out of the event store, opened where the keys are there; part of several commands. */
final class UserHistory {
    @Parameters(index = "0", paramLabel = "USER", description = "The user's id.")
    private String user = "";

    @Mixin
    private final Servers servers = new Servers();

    @Mixin
    private final MasterKeyOption masterKey = new MasterKeyOption();

    String userId() {
        try {
            return UUID.fromString(user).toString();
        } catch (IllegalArgumentException e) {
            throw CommandFailedException.usage("'" + user + "' is no id of a user, such as"
                    + " 0198c0de-0000-7000-8000-000000000000; GET /1/users/NAME?query_by=username tells it");
        }
    }

    /** Gives one event after the other, in the order in which they happened. */
    void forEach(Consumer<PublishedEvent> taker) throws SQLException, IOException {
        String userId = userId();
        long[] events = {0};
        try (EventStore store = servers.store()) {
            Optional<UserKey> key = key(userId, store);
            store.history(userId, stored -> {
                taker.accept(read(stored, key));
                events[0]++;
            });
        }
        if (events[0] == 0) {
            throw CommandFailedException.couldNotRun("there never was a user " + userId);
        }
    }

    private Optional<UserKey> key(String userId, EventStore store) throws SQLException, IOException {
        Optional<MasterKeys> masters = masterKey.read();
        Optional<String> wrapped = masters.isEmpty() ? Optional.empty() : store.wrappedKey(userId);
        if (wrapped.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(masters.get()
                .unwrap(userId, wrapped.get())
                .orElseThrow(() -> CommandFailedException.usage("that is not the master key of this user store")));
    }

    private static PublishedEvent read(StoredEvent stored, Optional<UserKey> key) {
        try {
            PublishedEvent event = stored.published();
            return key.map(one -> EventCodec.open(event, one)).orElse(event);
        } catch (UnreadableEventException | EventCodec.UndecodableEventException e) {
            throw CommandFailedException.couldNotRun("the event at position " + stored.position() + " cannot be read: "
                    + e.getMessage() + "; verify tells more");
        }
    }
}
