package io.userstore.audit.readmodel;

import io.userstore.api.seal.MasterKeys;
import io.userstore.api.seal.UserKey;
import io.userstore.audit.source.EventStore;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the users' keys, many at once. Not thread-safe. */
final class UserKeyring {
    private final EventStore store;
    private final Optional<MasterKeys> masters;

    /** @param masters empty: then it is only found out who has a key */
    UserKeyring(EventStore store, Optional<MasterKeys> masters) {
        this.store = store;
        this.masters = masters;
    }

    /** The master key is another than that of this store. */
    static final class WrongMasterKeyException extends ReadModelVerification.NotComparableException {
        private static final long serialVersionUID = 1L;

        WrongMasterKeyException() {
            super("that is not the master key of this user store");
        }
    }

    /** Gives each of these users their key, or notes that it is gone. */
    void give(Collection<FoldedUser> users) throws SQLException, WrongMasterKeyException {
        Map<UUID, FoldedUser> byId = new HashMap<>();
        for (FoldedUser user : users) {
            UUID id = parsed(user.id());
            if (id == null) {
                // Somebody whom the services have not made.
                user.setKey(false, null);
            } else {
                byId.put(id, user);
            }
        }
        Map<String, String> wrapped = byId.isEmpty() ? Map.of() : store.wrappedKeys(byId.keySet());
        for (FoldedUser user : byId.values()) {
            String found = wrapped.get(user.id());
            user.setKey(found != null, found == null || masters.isEmpty() ? null : unwrapped(user.id(), found));
        }
    }

    private UserKey unwrapped(String userId, String wrapped) throws WrongMasterKeyException {
        return masters.orElseThrow().unwrap(userId, wrapped).orElseThrow(WrongMasterKeyException::new);
    }

    private static @Nullable UUID parsed(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            // None of the services' ids, which the caller is told by there being nothing.
            return null;
        }
    }
}
