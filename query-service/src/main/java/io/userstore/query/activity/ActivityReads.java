package io.userstore.query.activity;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.userstore.api.event.UserEvent;
import io.userstore.api.json.Json;
import io.userstore.api.seal.UserKey;
import io.userstore.query.keys.UserKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Reads the histories of users, newest first. Thread-safe. */
public final class ActivityReads {
    private final MongoCollection<BsonDocument> activity;
    private final UserKeys keys;

    /** @param keys open what is personal in the entries */
    ActivityReads(MongoDatabase database, UserKeys keys) {
        this.keys = keys;
        this.activity = database.getCollection(ActivityFields.COLLECTION, BsonDocument.class);
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
        Bson whose = Filters.and(
                Filters.eq(ActivityFields.APPLICATION, application),
                Filters.eq(ActivityFields.USER_ID, user.toString()));
        boolean older = before == null;
        Long cursor = older ? after : before;
        UserKey key = keys.of(user.toString()).orElse(null);
        List<ActivityEntry> found = find(whose, cursor, older, limit + 1, key);
        boolean beyond = found.size() > limit;
        List<ActivityEntry> page = new ArrayList<>(beyond ? found.subList(0, limit) : found);
        boolean behind = cursor != null
                && !page.isEmpty()
                && !find(whose, page.getFirst().position(), !older, 1, null).isEmpty();
        if (!older) {
            Collections.reverse(page);
        }
        boolean next = older ? beyond : behind;
        boolean previous = older ? behind : beyond;
        return new Page(
                page,
                next ? page.getLast().position() : null,
                previous ? page.getFirst().position() : null,
                activity.countDocuments(whose));
    }

    private List<ActivityEntry> find(Bson whose, @Nullable Long from, boolean older, int limit, @Nullable UserKey key) {
        String position = ActivityFields.POSITION;
        Bson range = from == null ? whose : Filters.and(whose, beyond(from, older));
        List<ActivityEntry> entries = new ArrayList<>();
        for (BsonDocument document : activity.find(range)
                .sort(older ? Sorts.descending(position) : Sorts.ascending(position))
                .limit(limit)
                .batchSize(limit + 1)) {
            entries.add(entry(document, key));
        }
        return entries;
    }

    private static Bson beyond(long from, boolean older) {
        return older ? Filters.lt(ActivityFields.POSITION, from) : Filters.gt(ActivityFields.POSITION, from);
    }

    private static ActivityEntry entry(BsonDocument document, @Nullable UserKey key) {
        List<String> changed = document.getArray(ActivityFields.CHANGED, new BsonArray()).stream()
                .map(field -> field.asString().getValue())
                .toList();
        return new ActivityEntry(
                document.getString(ActivityFields.TYPE).getValue(),
                Instant.ofEpochMilli(document.getDateTime(ActivityFields.TIME).getValue()),
                number(document, ActivityFields.VERSION),
                number(document, ActivityFields.LOGIN_SEQUENCE),
                document.getInt64(ActivityFields.POSITION).getValue(),
                text(document, ActivityFields.KEY_ID),
                text(document, ActivityFields.REQUEST_ID),
                address(document, key),
                changed.isEmpty() ? null : changed);
    }

    /** Of a sign-in; null for another event, and when the user's key is gone. */
    private static @Nullable String address(BsonDocument document, @Nullable UserKey key) {
        String personal = text(document, ActivityFields.PERSONAL);
        if (personal == null || key == null || !document.containsKey(ActivityFields.LOGIN_SEQUENCE)) {
            return null;
        }
        return key.open(personal)
                .map(json -> Json.MAPPER.readValue(json, UserEvent.Origin.class).address())
                .orElse(null);
    }

    private static @Nullable Long number(BsonDocument document, String field) {
        return document.containsKey(field) ? document.getInt64(field).getValue() : null;
    }

    private static @Nullable String text(BsonDocument document, String field) {
        @Nullable BsonValue value = document.get(field);
        return value != null && value.isString() ? value.asString().getValue() : null;
    }
}
