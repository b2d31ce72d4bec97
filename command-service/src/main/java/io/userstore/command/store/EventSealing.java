package io.userstore.command.store;

import io.userstore.api.seal.UserKey;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.store.Reservations.UserGoneException;
import io.userstore.command.user.StoredUserEvent;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.UserAggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Between the aggregates, to whom events and snapshots are clear, and the database, where what is personal or secret in them
 * is sealed under the key of its user. Makes that key when a user is created and destroys it when the user is deleted, in
 * the transaction of the append. Thread-safe.
 */
final class EventSealing {
    private final UserKeys keys;

    EventSealing(UserKeys keys) {
        this.keys = keys;
    }

    /**
     * The same messages, whose payloads are written sealed. To be called in the transaction that appends them.
     *
     * @throws ConcurrencyException when a user has been deleted meanwhile
     * @throws UserGoneException likewise, for a sign-in
     */
    List<DomainEventMessage<?>> seal(List<? extends DomainEventMessage<?>> messages) {
        List<String> created = messages.stream()
                .filter(message -> message.getPayload() instanceof UserCreated)
                .map(DomainEventMessage::getAggregateIdentifier)
                .toList();
        Map<String, UserKey> made = created.isEmpty() ? Map.of() : keys.create(created);
        List<DomainEventMessage<?>> sealed = new ArrayList<>(messages.size());
        for (DomainEventMessage<?> message : messages) {
            String userId = message.getAggregateIdentifier();
            sealed.add(
                    switch (message.getPayload()) {
                        case UserDeleted deleted -> {
                            keys.destroy(userId);
                            yield message;
                        }
                        case StoredUserEvent event ->
                            new SealedMessage<>(message, json -> json.sealed(() -> key(userId, made)));
                        case StoredSignInEvent event ->
                            new SealedMessage<>(message, json -> json.sealed(() -> keyOfSignIns(userId)));
                        default -> message;
                    });
        }
        return sealed;
    }

    private UserKey key(String userId, Map<String, UserKey> made) {
        UserKey key = made.get(userId);
        return key != null
                ? key
                : keys.find(userId).orElseThrow(() -> new ConcurrencyException("the user has been deleted meanwhile"));
    }

    private UserKey keyOfSignIns(String signInsId) {
        return keys.find(SignIns.userIdOf(signInsId)).orElseThrow(UserGoneException::new);
    }

    /**
     * The same snapshot, sealed as a whole where it is one of a user.
     *
     * @throws UserGoneException when the user has been deleted meanwhile
     */
    DomainEventMessage<?> sealSnapshot(DomainEventMessage<?> snapshot) {
        String userId = snapshot.getAggregateIdentifier();
        return snapshot.getPayload() instanceof UserAggregate
                ? new SealedMessage<>(
                        snapshot, json -> json.sealedWhole(keys.find(userId).orElseThrow(UserGoneException::new)))
                : snapshot;
    }

    /** A stored event as it was before it was sealed; without what was sealed, when the user's key is gone. */
    DomainEventData<?> open(DomainEventData<?> stored) {
        return SealedJson.of(stored)
                .filter(SealedJson::isSealed)
                .<DomainEventData<?>>map(json ->
                        new RewrittenEvent(stored, json.opened(keys.find(userIdOf(stored.getAggregateIdentifier())))))
                .orElse(stored);
    }

    /** A stored snapshot as it was before it was sealed; empty when the user's key is gone. */
    Optional<DomainEventData<?>> openSnapshot(DomainEventData<?> stored) {
        if (!stored.getPayload().getType().getName().equals(StoredCatalog.USER_SNAPSHOT.name())) {
            return Optional.of(stored);
        }
        return SealedJson.of(stored)
                .flatMap(json -> keys.find(stored.getAggregateIdentifier()).flatMap(json::openedWhole))
                .map(clear -> new RewrittenEvent(stored, clear));
    }

    private static String userIdOf(String aggregateId) {
        return aggregateId.endsWith(SignIns.SUFFIX) ? SignIns.userIdOf(aggregateId) : aggregateId;
    }
}
