package io.userstore.query.activity;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.userstore.api.event.UserEvent;
import io.userstore.api.seal.UserKey;
import io.userstore.query.keys.UserKeys;
import io.userstore.query.projection.Generation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Reads the histories of users, newest first. Thread-safe. */
public final class ActivityReads {
    private final MongoCollection<BsonDocument> activity;
    private final UserKeys keys;

    private final UserPast past;

    /** @param keys open what is personal in the entries */
    ActivityReads(MongoDatabase database, Generation generation, UserKeys keys) {
        this.past = new UserPast(database, generation, keys);
        this.keys = keys;
        this.activity = database.getCollection(generation.collection(ActivityFields.COLLECTION), BsonDocument.class);
    }

    /**
     * A page of entries.
     *
     * @param after the position that the next, older page follows on, null when there is none
     * @param before the position that the previous, newer page comes before, null when there is none
     */
    public record Page(
            List<ActivityEntry> entries,
            @Nullable Long after,
            @Nullable Long before,
            long totalCount) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * One page.
     *
     * @param limit most entries, from 1
     * @param after the position that the page follows on: older entries; not together with {@code before}
     * @param before the position that the page comes just before: newer entries
     */
    public Page of(String application, UUID user, int limit, @Nullable Long after, @Nullable Long before) {
        Bson whose = UserPast.of(application, user);
        boolean older = before == null;
        Long cursor = older ? after : before;
        UserKey key = keys.of(user.toString()).orElse(null);
        List<KeptEvent> found = find(whose, cursor, older, limit + 1, key);
        boolean beyond = found.size() > limit;
        List<KeptEvent> page = new ArrayList<>(beyond ? found.subList(0, limit) : found);
        boolean behind = cursor != null
                && !page.isEmpty()
                && !find(whose, page.getFirst().position(), !older, 1, null).isEmpty();
        if (!older) {
            Collections.reverse(page);
        }
        boolean next = older ? beyond : behind;
        boolean previous = older ? behind : beyond;
        return new Page(
                entries(application, user, page),
                next ? page.getLast().position() : null,
                previous ? page.getFirst().position() : null,
                activity.countDocuments(whose));
    }

    private List<KeptEvent> find(Bson whose, @Nullable Long from, boolean older, int limit, @Nullable UserKey key) {
        String position = ActivityFields.POSITION;
        Bson range = from == null ? whose : Filters.and(whose, beyond(from, older));
        List<KeptEvent> events = new ArrayList<>();
        for (BsonDocument document : activity.find(range)
                .sort(older ? Sorts.descending(position) : Sorts.ascending(position))
                .limit(limit)
                .batchSize(limit + 1)) {
            events.add(new KeptEvent(document, key));
        }
        return events;
    }

    private static Bson beyond(long from, boolean older) {
        return older ? Filters.lt(ActivityFields.POSITION, from) : Filters.gt(ActivityFields.POSITION, from);
    }

    private List<ActivityEntry> entries(String application, UUID user, List<KeptEvent> events) {
        LongSummaryStatistics versions = events.stream()
                .map(event -> event.number(ActivityFields.VERSION))
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .summaryStatistics();
        Map<Long, List<FieldChange>> changes = versions.getCount() == 0
                ? Map.of()
                : past.changes(application, user, versions.getMin(), versions.getMax());
        return events.stream().map(event -> entry(event, changes)).toList();
    }

    private static ActivityEntry entry(KeptEvent kept, Map<Long, List<FieldChange>> changes) {
        UserEvent event = kept.event();
        ActivityChange change = event == null ? ActivityChange.NONE : ActivityChange.of(event);
        Long version = kept.number(ActivityFields.VERSION);
        List<FieldChange> values =
                version == null || event == null ? List.of() : changes.getOrDefault(version, List.of());
        return new ActivityEntry(
                kept.type().catalogName(),
                kept.time(),
                version,
                kept.number(ActivityFields.LOGIN_SEQUENCE),
                kept.position(),
                kept.text(ActivityFields.KEY_ID),
                kept.text(ActivityFields.REQUEST_ID),
                change.address(),
                change.changed().isEmpty() ? null : change.changed(),
                values.isEmpty() ? null : values);
    }
}
