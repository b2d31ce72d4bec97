package io.userstore.audit.source;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The documents that the query service makes of the events, in the form that the query service of the same release gives them.
 * Reads only. Not thread-safe.
 */
public final class ReadModels implements AutoCloseable {
    private static final int FETCHED_AT_ONCE = 1_000;
    private static final int READ_TIMEOUT_SECONDS = 60;
    private static final String ID = "_id";
    private static final String OFFSET = "offset";

    private final MongoClient client;
    private final MongoDatabase database;

    private ReadModels(MongoClient client, MongoDatabase database) {
        this.client = client;
        this.database = database;
    }

    /** A read model, in the version of its documents' form that is known here. */
    public enum View {
        USERS("users", 1),
        STATISTICS("statistics", 2),
        ACTIVITY("activity", 2);

        private final String model;
        private final int version;

        View(String model, int version) {
            this.model = model;
            this.version = version;
        }
    }

    /**
     * One filling of a read model.
     *
     * @param number from 1; a rebuild makes the next
     */
    public record Generation(View view, int number) {
        /** The name of one of its collections, for example {@code users_totals_v1_g2} of {@code users_totals}. */
        public String collection(String base) {
            return base + "_v" + view.version + (number == 1 ? "" : "_g" + number);
        }

        /** Under what name its progress is kept, for example {@code users_v1}. */
        public String key() {
            return collection(view.model);
        }
    }

    /**
     * Connects at the first use.
     *
     * @param uri MongoDB's connection string
     * @param database where the connection string names none
     * @param patience how long to wait for a server to appear
     * @throws IllegalArgumentException when that is no connection string
     */
    public static ReadModels open(String uri, String database, Duration patience) {
        ConnectionString connection = new ConnectionString(uri);
        MongoClient client = MongoClients.create(MongoClientSettings.builder()
                .applicationName("userstore-audit")
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(patience.toMillis(), TimeUnit.MILLISECONDS))
                .applyToSocketSettings(
                        socket -> socket.connectTimeout(Math.toIntExact(patience.toMillis()), TimeUnit.MILLISECONDS)
                                .readTimeout(READ_TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .applyConnectionString(connection)
                .build());
        String named = connection.getDatabase();
        return new ReadModels(client, client.getDatabase(named == null ? database : named));
    }

    /** @throws com.mongodb.MongoException when the server is away or refuses */
    public void ping() {
        database.getCollection("progress", BsonDocument.class).find().limit(1).first();
    }

    /** The generation that is read; the first, as long as nothing else was written down. */
    public Generation serving(View view) {
        BsonDocument state = state(view);
        return new Generation(view, state == null ? 1 : number(state, "serving", 1));
    }

    /** Whether it is read, or was before and still gets every event. */
    public boolean isFed(Generation generation) {
        BsonDocument state = state(generation.view());
        return state == null
                ? generation.number() == 1
                : number(state, "serving", 1) == generation.number()
                        || number(state, "former", 0) == generation.number();
    }

    private @Nullable BsonDocument state(View view) {
        return collection("projections")
                .find(Filters.eq(ID, new Generation(view, 1).key()))
                .first();
    }

    private static int number(BsonDocument document, String field, int otherwise) {
        BsonValue value = document.get(field);
        return value != null && value.isInt64()
                ? Math.toIntExact(value.asInt64().getValue())
                : otherwise;
    }

    /** The last offset of a partition whose event all of these have; empty when one of them has none. */
    public OptionalLong progress(Collection<Generation> generations, int partition) {
        BsonDocument found =
                collection("progress").find(Filters.eq(ID, partition)).first();
        return found != null && generations.stream().map(Generation::key).allMatch(found::isInt64)
                ? generations.stream()
                        .mapToLong(one -> found.getInt64(one.key()).getValue())
                        .min()
                : OptionalLong.empty();
    }

    /** The documents of these ids, those that there are. */
    public Map<String, BsonDocument> at(String collection, Collection<String> ids) {
        Map<String, BsonDocument> found = new HashMap<>();
        for (BsonDocument one : collection(collection).find(Filters.in(ID, ids)).batchSize(ids.size() + 1)) {
            found.put(one.getString(ID).getValue(), one);
        }
        return found;
    }

    /** Which of these ids there are. */
    public Set<String> present(String collection, Collection<String> ids) {
        Set<String> found = new HashSet<>();
        for (BsonDocument one : collection(collection)
                .find(Filters.in(ID, ids))
                .projection(Projections.include(ID))
                .batchSize(ids.size() + 1)) {
            found.add(one.getString(ID).getValue());
        }
        return found;
    }

    /**
     * A document's id, and what offset it was written at.
     *
     * @param id as text, whatever it is
     * @param offset -1 when it has none
     */
    public record Place(String id, long offset) {}

    /** Takes what was read, a page at a time. */
    @FunctionalInterface
    public interface Pages {
        void take(List<Place> page) throws SQLException, IOException;
    }

    /** Reads where all documents of a collection are, a page at a time. */
    public void places(String collection, Pages pages) throws SQLException, IOException {
        List<Place> page = new ArrayList<>(FETCHED_AT_ONCE);
        try (MongoCursor<BsonDocument> documents = collection(collection)
                .find()
                .projection(Projections.include(OFFSET))
                .sort(Sorts.ascending(ID))
                .batchSize(FETCHED_AT_ONCE)
                .iterator()) {
            while (documents.hasNext()) {
                page.add(place(documents.next()));
                if (page.size() == FETCHED_AT_ONCE) {
                    pages.take(page);
                    page.clear();
                }
            }
        }
        if (!page.isEmpty()) {
            pages.take(page);
        }
    }

    private static Place place(BsonDocument document) {
        BsonValue id = document.get(ID);
        BsonValue offset = document.get(OFFSET);
        return new Place(
                id != null && id.isString() ? id.asString().getValue() : String.valueOf(id),
                offset != null && offset.isInt64() ? offset.asInt64().getValue() : -1);
    }

    private MongoCollection<BsonDocument> collection(String name) {
        return database.getCollection(name, BsonDocument.class);
    }

    @Override
    public void close() {
        client.close();
    }
}
