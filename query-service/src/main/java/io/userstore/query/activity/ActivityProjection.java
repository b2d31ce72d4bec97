package io.userstore.query.activity;

import static io.userstore.query.mongo.BsonForm.number;
import static io.userstore.query.mongo.BsonForm.text;
import static io.userstore.query.mongo.BsonForm.time;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.query.projection.Attempts;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.GuardedWrites;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.Skipped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;

/**
 * Keeps {@code activity}, one document per event, whose id follows from the event, so that a redelivery writes the
 * same document again. Needs no order, and so knows no gaps; the other projections tell of those.
 *
 * <p>A deletion leaves one document whose id is known ("the mark"). After every write, users of the batch who have the
 * mark lose all their other documents. So neither a late sign-in, nor a redelivery, nor a writer that was thought dead
 * brings anything back: whoever writes last finds the mark.
 */
final class ActivityProjection implements Projection {
    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);

    private final MongoCollection<BsonDocument> activity;

    ActivityProjection(MongoDatabase database, Generation generation) {
        this.activity = database.getCollection(generation.collection(ActivityFields.COLLECTION), BsonDocument.class);
    }

    /** An entry follows on nothing, so that one may be missing. */
    @Override
    public boolean skip(Skipped event) {
        return true;
    }

    @Override
    public List<Delivery> apply(List<Delivery> batch) {
        Map<String, WriteModel<BsonDocument>> writes = new LinkedHashMap<>();
        for (Delivery delivery : batch) {
            BsonDocument document = document(delivery.event());
            String id = document.getString("_id").getValue();
            writes.put(id, new ReplaceOneModel<>(Filters.eq("_id", id), document, UPSERT));
        }
        Attempts.untilTaken(() -> GuardedWrites.tryAll(activity, List.copyOf(writes.values())));
        purgeMarked(batch.stream().map(d -> d.event().userId()).distinct().toList());
        return List.of();
    }

    private void purgeMarked(List<String> users) {
        List<String> marks = users.stream().map(ActivityProjection::mark).toList();
        for (BsonDocument mark : activity.find(Filters.in("_id", marks)).batchSize(marks.size() + 1)) {
            activity.deleteMany(Filters.and(
                    Filters.eq(ActivityFields.APPLICATION, mark.get(ActivityFields.APPLICATION)),
                    Filters.eq(ActivityFields.USER_ID, mark.get(ActivityFields.USER_ID)),
                    Filters.ne("_id", mark.get("_id"))));
        }
    }

    private static BsonDocument document(PublishedEvent event) {
        if (event.data() instanceof UserEvent.UserDeleted) {
            return about(mark(event.userId()), event);
        }
        Facts facts = Facts.of(event);
        BsonDocument document = about(id(event), event).append(ActivityFields.DATA, facts.data());
        if (facts.personal() != null) {
            document.append(ActivityFields.PERSONAL, text(facts.personal()));
        }
        return document;
    }

    private static BsonDocument about(String id, PublishedEvent event) {
        return new BsonDocument("_id", text(id))
                .append(ActivityFields.APPLICATION, text(event.application()))
                .append(ActivityFields.USER_ID, text(event.userId()))
                .append(ActivityFields.TYPE, text(event.type().publishedName()))
                .append(ActivityFields.TIME, time(event.time()))
                .append(ActivityFields.POSITION, number(event.position()))
                .append(
                        event.type().stream() == EventStream.USER
                                ? ActivityFields.VERSION
                                : ActivityFields.LOGIN_SEQUENCE,
                        number(event.sequence()))
                .append(ActivityFields.KEY_ID, text(event.actor().keyId()))
                .append(ActivityFields.REQUEST_ID, text(event.actor().requestId()));
    }

    private static String id(PublishedEvent event) {
        String stream = event.type().stream() == EventStream.USER ? "|u|" : "|s|";
        return event.userId() + stream + event.sequence();
    }

    private static String mark(String userId) {
        return userId + "|deleted";
    }
}
