package io.userstore.query.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.seal.UserKey;
import io.userstore.query.keys.UserKeyDocuments;
import io.userstore.query.keys.UserKeyDocuments.Known;
import io.userstore.query.projection.Delivery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Opens what is personal in the events of users, before projections see them. A key that is not there is waited for until
 * everything is read that the log of keys holds: since a key is published before the events that it opens, it is gone if it
 * is not there then, and the event goes on sealed. Sign-ins stay sealed in any case: no projection looks into them, and they
 * are many. Thread-safe.
 */
final class Opening {
    private final Function<Set<String>, Known> keys;
    private final Runnable readOnToTheEnd;
    private final Consumer<Set<String>> forgetting;
    private final Counter erased;

    /** @param readOnToTheEnd returns once every key is written down that has been published by now */
    Opening(UserKeyDocuments keys, Runnable readOnToTheEnd, MeterRegistry registry) {
        this(keys::find, readOnToTheEnd, keys::forget, registry);
    }

    /**
     * @param keys tells what is known of some users' keys
     * @param forgetting is given users who are deleted
     */
    Opening(
            Function<Set<String>, Known> keys,
            Runnable readOnToTheEnd,
            Consumer<Set<String>> forgetting,
            MeterRegistry registry) {
        this.keys = keys;
        this.readOnToTheEnd = readOnToTheEnd;
        this.forgetting = forgetting;
        this.erased = Counter.builder("userstore.intake.events.erased")
                .description("Events taken in without what is personal in them, because their user's key is gone")
                .register(registry);
    }

    /** The keys that a batch needs and that there are, by user. */
    Map<String, UserKey> keysFor(List<Delivery> batch) {
        Set<String> users = new HashSet<>();
        batch.stream()
                .map(Delivery::event)
                .filter(Opening::isToBeOpened)
                .map(PublishedEvent::userId)
                .forEach(users::add);
        if (users.isEmpty()) {
            return Map.of();
        }
        Known known = keys.apply(users);
        Set<String> missing = new HashSet<>(users);
        missing.removeAll(known.keys().keySet());
        missing.removeAll(known.gone());
        if (missing.isEmpty()) {
            return known.keys();
        }
        readOnToTheEnd.run();
        Map<String, UserKey> all = new HashMap<>(known.keys());
        all.putAll(keys.apply(missing).keys());
        return all;
    }

    /** @throws EventCodec.UndecodableEventException when what was sealed does not belong into the event */
    Delivery open(Delivery delivery, Map<String, UserKey> by) {
        PublishedEvent event = delivery.event();
        if (!isToBeOpened(event)) {
            return delivery;
        }
        UserKey key = by.get(event.userId());
        if (key == null) {
            erased.increment();
            return delivery;
        }
        PublishedEvent opened = EventCodec.open(event, key);
        if (opened.isSealed()) {
            throw new EventCodec.UndecodableEventException("what is personal was sealed with another key");
        }
        return new Delivery(delivery.partition(), delivery.offset(), opened);
    }

    /** Whatever became of their keys' own records: the keys of those whose deletion is in the batch are forgotten. */
    void forgetDeleted(List<Delivery> batch) {
        Set<String> deleted = new HashSet<>();
        batch.stream()
                .map(Delivery::event)
                .filter(event -> event.type() == EventType.USER_DELETED)
                .map(PublishedEvent::userId)
                .forEach(deleted::add);
        if (!deleted.isEmpty()) {
            forgetting.accept(deleted);
        }
    }

    private static boolean isToBeOpened(PublishedEvent event) {
        return event.isSealed() && event.type().stream() == EventStream.USER;
    }
}
