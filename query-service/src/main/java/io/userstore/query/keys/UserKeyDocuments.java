package io.userstore.query.keys;

import static io.userstore.query.mongo.BsonForm.number;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import io.userstore.api.seal.MasterKeys;
import io.userstore.api.seal.UserKey;
import io.userstore.query.projection.Attempts;
import io.userstore.query.projection.GuardedWrites;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * The collection {@code user_keys}, one document per user: the wrapped key, or that it is gone, and where in the log that was
 * said. What was said earlier is passed over, so that however often and by however many the log is read, the documents are
 * those of its end; and a key that is gone never comes back, wherever in the log that stands. Thread-safe.
 */
public final class UserKeyDocuments implements UserKeys {
    /** The collection's name. */
    public static final String COLLECTION = "user_keys";

    private static final String WRAPPED = "wrapped";
    private static final String OFFSET = "offset";

    /** The place in the log of keys of what does not stand there. */
    private static final int NOWHERE = -1;

    /** About 300 bytes each. */
    private static final long REMEMBERED = 20_000;
    /** What is gone is forgotten at once where the log is read; this bounds what a reading in that very moment may undo. */
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(5);

    private final MongoCollection<BsonDocument> collection;
    private final MasterKeys masters;
    private final Cache<String, UserKey> held = Caffeine.newBuilder()
            // Its upkeep takes less than to wake another thread for it.
            .executor(Runnable::run)
            .maximumSize(REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    public UserKeyDocuments(MongoDatabase database, MasterKeys masters) {
        this.collection = database.getCollection(COLLECTION, BsonDocument.class);
        this.masters = masters;
    }

    /**
     * What is known of some users.
     *
     * @param keys those that are there, by user
     * @param gone the users who are known to have none any more
     */
    public record Known(Map<String, UserKey> keys, Set<String> gone) {}

    /** A key is there and cannot be unwrapped: never a reason to take its user for deleted. */
    public static final class WrongMasterKeyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongMasterKeyException(String userId) {
            super("the key of user " + userId + " was wrapped with another master key than userstore.master-key");
        }
    }

    /**
     * Writes down what the log says; when it returns, readers find it.
     *
     * @param records in the log's order
     * @throws com.mongodb.MongoException when the server is away; to be called again then
     */
    public void apply(List<KeyRecord> records) {
        Map<String, KeyRecord> last = new LinkedHashMap<>();
        records.forEach(one -> last.merge(one.userId(), one, UserKeyDocuments::later));
        if (last.isEmpty()) {
            return;
        }
        Attempts.untilTaken(() -> GuardedWrites.tryAll(collection, writes(last)));
        for (KeyRecord one : last.values()) {
            if (one.wrapped() == null) {
                held.invalidate(one.userId());
            }
        }
    }

    /**
     * Forgets the keys of users whose deletion the log of events tells; the log of keys tells it too, but for a while only.
     *
     * @throws com.mongodb.MongoException when the server is away; to be called again then
     */
    public void forget(Collection<String> userIds) {
        apply(userIds.stream()
                .map(userId -> new KeyRecord(userId, null, NOWHERE, NOWHERE))
                .toList());
    }

    private static KeyRecord later(KeyRecord before, KeyRecord after) {
        return before.wrapped() == null ? before : after;
    }

    private List<WriteModel<BsonDocument>> writes(Map<String, KeyRecord> last) {
        Map<String, BsonDocument> found = read(last.keySet());
        List<WriteModel<BsonDocument>> writes = new ArrayList<>(last.size());
        for (KeyRecord one : last.values()) {
            BsonDocument document = document(one);
            BsonDocument before = found.get(one.userId());
            if (before == null) {
                writes.add(new InsertOneModel<>(document));
            } else if (before.containsKey(WRAPPED) && (one.wrapped() == null || isLater(one, before))) {
                writes.add(new ReplaceOneModel<>(
                        Filters.and(Filters.eq("_id", one.userId()), Filters.eq(OFFSET, before.get(OFFSET))),
                        document));
            }
        }
        return writes;
    }

    private static boolean isLater(KeyRecord one, BsonDocument before) {
        return one.offset() > before.getInt64(OFFSET).getValue();
    }

    private static BsonDocument document(KeyRecord one) {
        BsonDocument document =
                new BsonDocument("_id", new BsonString(one.userId())).append(OFFSET, number(one.offset()));
        return one.wrapped() == null ? document : document.append(WRAPPED, new BsonString(one.wrapped()));
    }

    private Map<String, BsonDocument> read(Collection<String> userIds) {
        Map<String, BsonDocument> found = new HashMap<>();
        for (BsonDocument document : collection.find(Filters.in("_id", userIds)).batchSize(userIds.size() + 1)) {
            found.put(document.getString("_id").getValue(), document);
        }
        return found;
    }

    /**
     * What is known of these users.
     *
     * @throws WrongMasterKeyException when one of the keys cannot be unwrapped
     */
    public Known find(Set<String> userIds) {
        return find(userIds, true);
    }

    /** Likewise, without remembering what was not: for who goes through all users once. */
    public Known findInPassing(Set<String> userIds) {
        return find(userIds, false);
    }

    private Known find(Set<String> userIds, boolean remembering) {
        Map<String, UserKey> keys = new HashMap<>();
        Set<String> asked = new HashSet<>();
        for (String userId : userIds) {
            UserKey remembered = held.getIfPresent(userId);
            if (remembered == null) {
                asked.add(userId);
            } else {
                keys.put(userId, remembered);
            }
        }
        Set<String> gone = new HashSet<>();
        if (!asked.isEmpty()) {
            read(asked).forEach((userId, document) -> {
                if (document.containsKey(WRAPPED)) {
                    UserKey read = unwrap(userId, document.getString(WRAPPED).getValue());
                    keys.put(userId, read);
                    if (remembering) {
                        held.put(userId, read);
                    }
                } else {
                    gone.add(userId);
                }
            });
        }
        return new Known(keys, gone);
    }

    private UserKey unwrap(String userId, String wrapped) {
        return masters.unwrap(userId, wrapped).orElseThrow(() -> new WrongMasterKeyException(userId));
    }

    @Override
    public Optional<UserKey> of(String userId) {
        return Optional.ofNullable(find(Set.of(userId)).keys().get(userId));
    }
}
