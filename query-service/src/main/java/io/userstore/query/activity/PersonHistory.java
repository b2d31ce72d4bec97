package io.userstore.query.activity;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.userstore.api.seal.UserKey;
import io.userstore.query.keys.UserKeys;
import io.userstore.query.projection.Generation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Everything that is kept of what happened to one person, oldest first, for that person to have. Thread-safe. */
public final class PersonHistory {
    private final MongoCollection<BsonDocument> activity;
    private final UserKeys keys;

    PersonHistory(MongoDatabase database, Generation generation, UserKeys keys) {
        this.activity = database.getCollection(generation.collection(ActivityFields.COLLECTION), BsonDocument.class);
        this.keys = keys;
    }

    /**
     * One event.
     *
     * @param type the event's name in the catalog
     * @param position its place in the whole history
     * @param keyId the key of the API that was used, and so {@code requestId}
     * @param personal what the event says of the person, opened; null when it says nothing
     */
    public record Entry(
            String type,
            Instant time,
            long position,
            @Nullable String keyId,
            @Nullable String requestId,
            @Nullable JsonNode personal) {}

    /**
     * The next events.
     *
     * @param after the position behind which to read on, 0 for the beginning
     * @param limit most of them, from 1
     */
    public List<Entry> following(String application, UUID user, long after, int limit) {
        UserKey key = keys.of(user.toString()).orElse(null);
        List<Entry> entries = new ArrayList<>();
        for (BsonDocument document : activity.find(Filters.and(
                        Filters.eq(ActivityFields.APPLICATION, application),
                        Filters.eq(ActivityFields.USER_ID, user.toString()),
                        Filters.gt(ActivityFields.POSITION, after)))
                .sort(Sorts.ascending(ActivityFields.POSITION))
                .limit(limit)
                .batchSize(limit + 1)) {
            entries.add(entry(document, key));
        }
        return entries;
    }

    private static Entry entry(BsonDocument document, @Nullable UserKey key) {
        KeptEvent kept = new KeptEvent(document, key);
        return new Entry(
                kept.type().catalogName(),
                kept.time(),
                kept.position(),
                kept.text(ActivityFields.KEY_ID),
                kept.text(ActivityFields.REQUEST_ID),
                Facts.opened(kept.text(ActivityFields.PERSONAL), key));
    }
}
