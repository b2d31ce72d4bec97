package io.userstore.audit.readmodel;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventNumber;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.audit.source.LogRecord;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Folds the events of one partition, in the order of the log, as far as each follows on the one before. What comes twice is known by its number. Memory: some 1 KB per user.
 * Not thread-safe.
 */
final class PartitionFold {
    private final UserKeyring keys;
    private final Counters counters;
    private final Map<String, FoldedUser> users = new HashMap<>();
    private Consumer<FoldedUser> changed = user -> {};

    PartitionFold(int partition, UserKeyring keys) {
        this.keys = keys;
        this.counters = new Counters(partition);
    }

    Map<String, FoldedUser> users() {
        return users;
    }

    Counters counters() {
        return counters;
    }

    /** @param listener is told of each user who was changed, after each event */
    void onChange(Consumer<FoldedUser> listener) {
        changed = listener;
    }

    /** Answers the events that were news, as they were published. */
    List<PublishedEvent> take(List<LogRecord> batch) throws SQLException, IOException {
        Map<LogRecord, PublishedEvent> events = new LinkedHashMap<>();
        Map<LogRecord, EventNumber> unknown = new HashMap<>();
        for (LogRecord record : batch) {
            try {
                events.put(record, record.event());
            } catch (EventCodec.UnknownEventTypeException e) {
                EventNumber number = e.number();
                if (number != null) {
                    unknown.put(record, number);
                }
            } catch (EventCodec.UndecodableEventException e) {
                // No view could take it, and it is named where store and log are compared.
                continue;
            }
        }
        giveKeys(events.values());
        List<PublishedEvent> news = new ArrayList<>();
        for (LogRecord record : batch) {
            PublishedEvent event = events.get(record);
            EventNumber number = unknown.get(record);
            if (event != null && apply(event, record.offset())) {
                news.add(event);
            } else if (number != null) {
                skip(number);
            }
        }
        return news;
    }

    private void giveKeys(Iterable<PublishedEvent> events) throws SQLException, IOException {
        Set<FoldedUser> without = new HashSet<>();
        for (PublishedEvent event : events) {
            FoldedUser user = user(event.userId());
            if (!user.isKeySought() && event.isSealed() && event.type().stream() == EventStream.USER) {
                without.add(user);
            }
        }
        if (!without.isEmpty()) {
            keys.give(without);
        }
    }

    private FoldedUser user(String id) {
        return users.computeIfAbsent(id, FoldedUser::new);
    }

    private boolean apply(PublishedEvent event, long offset) {
        FoldedUser user = user(event.userId());
        if (!user.isNext(event.type().stream(), event.sequence(), event.data() instanceof UserEvent.UserCreated)) {
            return false;
        }
        Counted before = Counted.of(user);
        user.apply(event);
        counters.count(event, before, Counted.of(user), offset);
        changed.accept(user);
        return true;
    }

    private void skip(EventNumber number) {
        FoldedUser user = user(number.userId());
        if (user.isNext(number.stream(), number.sequence(), false)) {
            user.skip(number.stream(), number.sequence());
            changed.accept(user);
        }
    }
}
