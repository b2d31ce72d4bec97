package io.userstore.query.projection;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.query.mongo.BsonForm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A collection with one document per user, which takes an event only when the event is exactly the next of its stream.
 * A lower number is a redelivery and is passed over; a higher one is a gap and is refused.
 *
 * <p>Every write is guarded by the two numbers that were read, so of two writers one wins and the other starts over.
 */
public final class UserDocuments {
    /** The number of the last applied event of the user's stream. */
    public static final String VERSION = "version";
    /** The number of the last applied event of the sign-ins. */
    public static final String LOGIN_SEQUENCE = "login_sequence";
    /** True in what remains of a deleted user. */
    public static final String DELETED = "deleted";
    /** Where in the log the last applied event stood. */
    public static final String PARTITION = "partition";

    public static final String OFFSET = "offset";

    private final MongoCollection<BsonDocument> collection;
    private final Function<PublishedEvent, Change> changes;
    private final Consumer<BsonDocument> finish;

    /**
     * @param changes what an event does; must not look at anything but the event
     * @param finish fills in fields that follow from others, once per changed document
     */
    public UserDocuments(
            MongoCollection<BsonDocument> collection,
            Function<PublishedEvent, Change> changes,
            Consumer<BsonDocument> finish) {
        this.collection = collection;
        this.changes = changes;
        this.finish = finish;
    }

    /**
     * What a batch comes to, not yet written.
     *
     * @param accepted the deliveries that are news, in the batch's order
     * @param refused the deliveries that left a gap
     */
    public record Fold(List<Delivery> accepted, List<Delivery> refused, List<WriteModel<BsonDocument>> writes) {}

    /** Reads the users of the batch and applies it to them in memory. */
    public Fold fold(List<Delivery> batch) {
        return fold(batch, (delivery, before) -> {});
    }

    /**
     * Likewise.
     *
     * @param accepting is told of each accepted delivery, with its user's document as it is just before; not to be kept
     */
    public Fold fold(List<Delivery> batch, BiConsumer<Delivery, BsonDocument> accepting) {
        Map<String, Slot> slots = read(batch);
        List<Delivery> accepted = new ArrayList<>(batch.size());
        List<Delivery> refused = new ArrayList<>();
        for (Delivery delivery : batch) {
            Slot slot = slots.computeIfAbsent(delivery.event().userId(), id -> new Slot(id, null));
            Change change = changes.apply(delivery.event());
            EventStream stream = delivery.event().type().stream();
            switch (slot.verdict(stream, delivery.event().sequence(), change)) {
                case NEXT -> {
                    accepting.accept(delivery, slot.document);
                    slot.apply(delivery, change);
                    accepted.add(delivery);
                }
                case GAP -> refused.add(delivery);
                case REDELIVERY -> {
                    // Applied before: the document has it already.
                }
            }
        }
        List<WriteModel<BsonDocument>> writes = slots.values().stream()
                .filter(slot -> slot.changed)
                .map(this::write)
                .toList();
        return new Fold(accepted, refused, writes);
    }

    /**
     * Writes a fold.
     *
     * @return false when another writer changed one of the documents meanwhile: fold again
     */
    public boolean write(Fold fold) {
        return GuardedWrites.tryAll(collection, fold.writes());
    }

    /**
     * Passes over one event: nothing changes but the number of the last one.
     *
     * @return whether the event is the next of its user, or one from before
     */
    public boolean skip(Skipped event) {
        AtomicBoolean follows = new AtomicBoolean();
        Attempts.untilTaken(() -> {
            BsonDocument found =
                    collection.find(Filters.eq("_id", event.number().userId())).first();
            if (found == null) {
                // A first event of an unknown type makes nobody; the events behind it are then the gap.
                follows.set(event.number().sequence() == 1);
                return true;
            }
            Slot slot = new Slot(event.number().userId(), found);
            Verdict verdict =
                    slot.verdict(event.number().stream(), event.number().sequence(), new Change.Advance());
            follows.set(verdict != Verdict.GAP);
            if (verdict != Verdict.NEXT) {
                return true;
            }
            slot.advance(event.number().stream(), event.number().sequence(), event.partition(), event.offset());
            return GuardedWrites.tryAll(collection, List.of(write(slot)));
        });
        return follows.get();
    }

    private Map<String, Slot> read(List<Delivery> batch) {
        List<String> ids =
                batch.stream().map(d -> d.event().userId()).distinct().toList();
        Map<String, Slot> slots = new LinkedHashMap<>();
        for (BsonDocument found : collection.find(Filters.in("_id", ids)).batchSize(ids.size() + 1)) {
            String id = found.getString("_id").getValue();
            slots.put(id, new Slot(id, found));
        }
        return slots;
    }

    private WriteModel<BsonDocument> write(Slot slot) {
        BsonDocument document = slot.document;
        if (!document.containsKey(DELETED)) {
            finish.accept(document);
        }
        if (slot.isNew) {
            return new InsertOneModel<>(document);
        }
        return new ReplaceOneModel<>(
                new BsonDocument("_id", document.get("_id"))
                        .append(VERSION, BsonForm.number(slot.versionBefore))
                        .append(LOGIN_SEQUENCE, BsonForm.number(slot.loginSequenceBefore)),
                document);
    }

    private enum Verdict {
        NEXT,
        REDELIVERY,
        GAP
    }

    /** One user of the batch while it is folded. */
    private static final class Slot {
        private final boolean isNew;
        private final long versionBefore;
        private final long loginSequenceBefore;
        private BsonDocument document;
        private boolean changed;

        Slot(String id, @Nullable BsonDocument found) {
            isNew = found == null;
            document = found == null ? numbered(new BsonString(id), 0, 0) : found;
            versionBefore = number(VERSION);
            loginSequenceBefore = number(LOGIN_SEQUENCE);
        }

        Verdict verdict(EventStream stream, long sequence, Change change) {
            long have = number(field(stream));
            if (sequence <= have) {
                return Verdict.REDELIVERY;
            }
            boolean exists = number(VERSION) > 0;
            boolean creates = change instanceof Change.Create || change instanceof Change.CreateErased;
            // A deletion needs nothing that came before it, and must not wait for what is missing.
            boolean follows = sequence == have + 1 || change instanceof Change.Erase;
            return follows && exists != creates ? Verdict.NEXT : Verdict.GAP;
        }

        void apply(Delivery delivery, Change change) {
            switch (change) {
                case Change.Create(var fields) -> put(fields);
                case Change.Put(var fields) -> put(fields);
                case Change.Erase() -> erase();
                case Change.CreateErased() -> erase();
                case Change.Advance() -> {
                    // The numbers below are all there is to it.
                }
            }
            PublishedEvent event = delivery.event();
            advance(event.type().stream(), event.sequence(), delivery.partition(), delivery.offset());
        }

        void advance(EventStream stream, long sequence, int partition, long offset) {
            document.put(field(stream), BsonForm.number(sequence));
            document.put(PARTITION, BsonForm.number(partition));
            document.put(OFFSET, BsonForm.number(offset));
            changed = true;
        }

        private void erase() {
            document = numbered(document.getString("_id"), number(VERSION), number(LOGIN_SEQUENCE));
            document.put(DELETED, BsonBoolean.TRUE);
        }

        /** A deleted user stays deleted, whatever the log still holds of them. */
        private void put(Map<String, BsonValue> fields) {
            if (!document.containsKey(DELETED)) {
                document.putAll(fields);
            }
        }

        private long number(String field) {
            return document.getInt64(field).getValue();
        }

        private static String field(EventStream stream) {
            return stream == EventStream.USER ? VERSION : LOGIN_SEQUENCE;
        }

        private static BsonDocument numbered(BsonString id, long version, long loginSequence) {
            return new BsonDocument("_id", id)
                    .append(VERSION, BsonForm.number(version))
                    .append(LOGIN_SEQUENCE, BsonForm.number(loginSequence));
        }
    }
}
