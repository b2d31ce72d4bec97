package io.userstore.query.projection;

import static io.userstore.query.mongo.BsonForm.flag;
import static io.userstore.query.mongo.BsonForm.number;
import static io.userstore.query.mongo.BsonForm.text;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import io.userstore.query.mongo.BsonForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The collection {@code projections}: a document per read model and version, which every instance follows, and which is only
 * written over the one that was read. Beside the read models, so that all are lost together. Thread-safe.
 */
public final class ModelStates {
    /** The collection's name. */
    public static final String COLLECTION = "projections";

    private static final String MODEL = "model";
    private static final String VERSION = "version";
    private static final String REVISION = "revision";
    private static final String SERVING = "serving";
    private static final String NEWEST = "newest";
    private static final String FORMER = "former";
    private static final String FORMER_UNTIL = "former_until";
    private static final String CHANGED_AT = "changed_at";
    private static final String REBUILD = "rebuild";
    private static final String GENERATION = "generation";
    private static final String FROM = "from";
    private static final String STATE = "state";
    private static final String CONDITION = "condition";
    private static final String STARTED_AT = "started_at";
    private static final String REPLAY = "replay";
    private static final String INDEXED = "indexed";
    private static final String FILLED_AT = "filled_at";
    private static final String EVENTS = "events";
    private static final String REFUSED = "refused";
    private static final String ENDED_AT = "ended_at";
    private static final String COMPARISON = "comparison";
    private static final String REASON = "reason";
    private static final String WORKER = "worker";
    private static final String WORKER_UNTIL = "worker_until";
    private static final String DOCUMENTS = "documents";
    private static final String EQUAL = "equal";
    private static final String MISSING = "missing";
    private static final String ADDED = "added";
    private static final String CHANGED = "changed";
    private static final String MOVING = "moving";
    private static final String EXAMPLES = "examples";

    private final MongoCollection<BsonDocument> collection;

    public ModelStates(MongoDatabase database) {
        this.collection = database.getCollection(COLLECTION, BsonDocument.class);
    }

    /** All that is written down, by {@link ModelState#key()}. */
    Map<String, ModelState> all() {
        Map<String, ModelState> all = new HashMap<>();
        for (BsonDocument found : collection.find()) {
            all.put(found.getString("_id").getValue(), state(found));
        }
        return all;
    }

    /**
     * Writes down what becomes of a state.
     *
     * @param next made from the state whose revision is one less
     * @return false when somebody else was faster
     */
    boolean write(ModelState next) {
        BsonDocument document = document(next);
        return GuardedWrites.tryAll(
                collection,
                List.of(
                        next.revision() == 1
                                ? new InsertOneModel<>(document)
                                : new ReplaceOneModel<>(
                                        Filters.and(
                                                Filters.eq("_id", next.key()),
                                                Filters.eq(REVISION, next.revision() - 1)),
                                        document)));
    }

    /** Forgets a version of which nothing is left. */
    void forget(String key) {
        collection.deleteMany(Filters.eq("_id", key));
    }

    private static BsonDocument document(ModelState state) {
        Rebuild rebuild = state.rebuild();
        return new BsonDocument("_id", text(state.key()))
                .append(MODEL, text(state.model()))
                .append(VERSION, number(state.version()))
                .append(REVISION, number(state.revision()))
                .append(SERVING, number(state.serving()))
                .append(NEWEST, number(state.newest()))
                .append(FORMER, state.former() == null ? BsonNull.VALUE : number(state.former()))
                .append(FORMER_UNTIL, time(state.formerUntil()))
                .append(CHANGED_AT, time(state.changedAt()))
                .append(REBUILD, rebuild == null ? BsonNull.VALUE : document(rebuild));
    }

    private static BsonDocument document(Rebuild rebuild) {
        Rebuild.Comparison comparison = rebuild.comparison();
        return new BsonDocument(GENERATION, number(rebuild.generation()))
                .append(FROM, number(rebuild.from()))
                .append(STATE, text(rebuild.state().name()))
                .append(CONDITION, text(rebuild.condition().name()))
                .append(REPLAY, text(rebuild.replay()))
                .append(STARTED_AT, time(rebuild.startedAt()))
                .append(INDEXED, flag(rebuild.indexed()))
                .append(FILLED_AT, time(rebuild.filledAt()))
                .append(EVENTS, number(rebuild.events()))
                .append(REFUSED, number(rebuild.refused()))
                .append(ENDED_AT, time(rebuild.endedAt()))
                .append(COMPARISON, comparison == null ? BsonNull.VALUE : document(comparison))
                .append(REASON, text(rebuild.reason()))
                .append(WORKER, text(rebuild.worker()))
                .append(WORKER_UNTIL, time(rebuild.workerUntil()));
    }

    private static BsonDocument document(Rebuild.Comparison comparison) {
        return new BsonDocument(DOCUMENTS, number(comparison.documents()))
                .append(EQUAL, number(comparison.equal()))
                .append(MISSING, number(comparison.missing()))
                .append(ADDED, number(comparison.added()))
                .append(CHANGED, number(comparison.changed()))
                .append(MOVING, number(comparison.moving()))
                .append(
                        EXAMPLES,
                        new BsonArray(comparison.examples().stream()
                                .map(BsonString::new)
                                .toList()));
    }

    private static BsonValue time(@Nullable Instant time) {
        return time == null ? BsonNull.VALUE : BsonForm.time(time);
    }

    private static ModelState state(BsonDocument found) {
        return new ModelState(
                found.getString(MODEL).getValue(),
                integer(found, VERSION),
                found.getInt64(REVISION).getValue(),
                integer(found, SERVING),
                integer(found, NEWEST),
                found.isNull(FORMER) ? null : integer(found, FORMER),
                instant(found, FORMER_UNTIL),
                some(found, CHANGED_AT),
                found.isNull(REBUILD) ? null : rebuild(found.getDocument(REBUILD)));
    }

    private static Rebuild rebuild(BsonDocument found) {
        return new Rebuild(
                integer(found, GENERATION),
                integer(found, FROM),
                Rebuild.State.valueOf(found.getString(STATE).getValue()),
                Rebuild.Condition.valueOf(found.getString(CONDITION).getValue()),
                string(found, REPLAY),
                some(found, STARTED_AT),
                found.getBoolean(INDEXED).getValue(),
                instant(found, FILLED_AT),
                found.getInt64(EVENTS).getValue(),
                found.getInt64(REFUSED).getValue(),
                instant(found, ENDED_AT),
                found.isNull(COMPARISON) ? null : comparison(found.getDocument(COMPARISON)),
                string(found, REASON),
                string(found, WORKER),
                instant(found, WORKER_UNTIL));
    }

    private static Rebuild.Comparison comparison(BsonDocument found) {
        List<String> examples = new ArrayList<>();
        found.getArray(EXAMPLES)
                .forEach(example -> examples.add(example.asString().getValue()));
        return new Rebuild.Comparison(
                found.getInt64(DOCUMENTS).getValue(),
                found.getInt64(EQUAL).getValue(),
                found.getInt64(MISSING).getValue(),
                found.getInt64(ADDED).getValue(),
                found.getInt64(CHANGED).getValue(),
                found.getInt64(MOVING).getValue(),
                examples);
    }

    private static int integer(BsonDocument found, String field) {
        return Math.toIntExact(found.getInt64(field).getValue());
    }

    private static @Nullable String string(BsonDocument found, String field) {
        return found.isNull(field) ? null : found.getString(field).getValue();
    }

    private static Instant some(BsonDocument found, String field) {
        return Instant.ofEpochMilli(found.getDateTime(field).getValue());
    }

    private static @Nullable Instant instant(BsonDocument found, String field) {
        return found.isNull(field) ? null : some(found, field);
    }
}
