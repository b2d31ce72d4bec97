package io.userstore.query.activity;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.userstore.api.event.EventType;
import io.userstore.api.event.UserEvent;
import io.userstore.api.seal.UserKey;
import io.userstore.api.user.UserResource;
import io.userstore.query.keys.UserKeys;
import io.userstore.query.mongo.BsonForm;
import io.userstore.query.projection.Generation;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Users as they were, folded from the events of the user's stream, which are read in their order and in bounded batches:
 * a read costs as much as the user has such events, and no memory. Sign-ins, which may be very many, are not folded.
 * Thread-safe.
 */
public final class UserPast {
    private static final int BATCH = 500;

    private final MongoCollection<BsonDocument> activity;

    private final UserKeys keys;

    /** @param keys open what is personal in the events */
    UserPast(MongoDatabase database, Generation generation, UserKeys keys) {
        this.keys = keys;
        this.activity = database.getCollection(generation.collection(ActivityFields.COLLECTION), BsonDocument.class);
    }

    /**
     * The user at a time, also one to come; empty before the user came into being.
     *
     * <p>Should the clock have gone back between two events, the first that is later than the time ends what is told.
     */
    public Optional<UserResource> asOf(String application, UUID user, Instant time) {
        Folded folded = fold(application, user, event -> event.time().isAfter(time));
        return folded.state().version() == 0
                ? Optional.empty()
                : Optional.of(folded.state()
                        .resource(
                                user.toString(),
                                application,
                                lastLogin(application, user, Filters.lte(ActivityFields.TIME, BsonForm.time(time)))));
    }

    /**
     * The user when that event of the user's stream was the last one, at the end of that time: with the logins until
     * the next.
     *
     * @param version from 1 up to the user's present version
     * @return empty when nothing is known of the user up to there
     */
    public Optional<UserResource> at(String application, UUID user, long version) {
        Folded folded = fold(application, user, event -> event.version() > version);
        KeptEvent next = folded.next();
        Bson until = next == null ? Filters.empty() : Filters.lt(ActivityFields.POSITION, next.position());
        return folded.state().version() == 0
                ? Optional.empty()
                : Optional.of(folded.state()
                        .numbered(version)
                        .resource(user.toString(), application, lastLogin(application, user, until)));
    }

    /** By version: what the user's events of these versions changed. */
    Map<Long, List<FieldChange>> changes(String application, UUID user, long from, long to) {
        Map<Long, List<FieldChange>> changes = new HashMap<>();
        UserState before = UserState.NOBODY;
        UserKey key = key(user);
        try (MongoCursor<BsonDocument> found = events(application, user)) {
            while (found.hasNext()) {
                KeptEvent event = new KeptEvent(found.next(), key);
                if (event.version() > to) {
                    break;
                }
                UserState after = after(before, event);
                if (event.version() >= from) {
                    changes.put(event.version(), after.since(before));
                }
                before = after;
            }
        }
        return changes;
    }

    /** @param next the event that ended the fold, null when there is none */
    private record Folded(UserState state, @Nullable KeptEvent next) {}

    private Folded fold(String application, UUID user, Predicate<KeptEvent> end) {
        UserState state = UserState.NOBODY;
        UserKey key = key(user);
        try (MongoCursor<BsonDocument> found = events(application, user)) {
            while (found.hasNext()) {
                KeptEvent event = new KeptEvent(found.next(), key);
                if (end.test(event)) {
                    return new Folded(state, event);
                }
                state = after(state, event);
            }
        }
        return new Folded(state, null);
    }

    private static UserState after(UserState state, KeptEvent kept) {
        UserEvent event = kept.event();
        return event == null ? UserState.NOBODY : state.after(event, kept.time(), kept.version());
    }

    private @Nullable UserKey key(UUID user) {
        return keys.of(user.toString()).orElse(null);
    }

    private MongoCursor<BsonDocument> events(String application, UUID user) {
        return activity.find(Filters.and(of(application, user), Filters.gte(ActivityFields.VERSION, 1L)))
                .sort(Sorts.ascending(ActivityFields.VERSION))
                .batchSize(BATCH)
                .iterator();
    }

    private @Nullable Instant lastLogin(String application, UUID user, Bson until) {
        BsonDocument found = activity.find(Filters.and(
                        of(application, user),
                        Filters.eq(ActivityFields.TYPE, EventType.LOGIN_RECORDED.publishedName()),
                        until))
                .sort(Sorts.descending(ActivityFields.POSITION))
                .limit(1)
                .first();
        return found == null ? null : new KeptEvent(found, null).time();
    }

    static Bson of(String application, UUID user) {
        return Filters.and(
                Filters.eq(ActivityFields.APPLICATION, application),
                Filters.eq(ActivityFields.USER_ID, user.toString()));
    }
}
