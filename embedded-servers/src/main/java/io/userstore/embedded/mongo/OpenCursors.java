package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.CursorNotFoundException;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Results handed out in batches. A cursor that rests for ten minutes is forgotten. Thread-safe; one cursor serves one client.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/core/cursors/">Cursors</a>
 */
final class OpenCursors {

    private static final long IDLE_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int LARGEST_BATCH_BYTES = 16 * 1024 * 1024;
    private static final int QUERY_PLAN_KILLED = 175;
    private static final long NONE_LEFT = 0;

    private final Map<Long, OpenCursor> cursors = new ConcurrentHashMap<>();

    private static final class OpenCursor {

        final Iterator<RawDocument> results;
        final BooleanSupplier isDropped;
        volatile long lastUse = System.nanoTime();

        OpenCursor(Iterator<RawDocument> results, BooleanSupplier isDropped) {
            this.results = results;
            this.isDropped = isDropped;
        }
    }

    /**
     * @param batchSize the most documents in the reply, 0 or more
     * @param isLast whether to forget what does not fit
     * @param isDropped whether the collection has gone in the meantime
     */
    Document open(
            String namespace, Iterator<RawDocument> results, int batchSize, boolean isLast, BooleanSupplier isDropped) {
        List<RawDocument> batch = batch(results, batchSize);
        if (isLast || !results.hasNext()) {
            return reply(namespace, "firstBatch", batch, NONE_LEFT);
        }
        forgetIdle();
        long id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        cursors.put(id, new OpenCursor(results, isDropped));
        return reply(namespace, "firstBatch", batch, id);
    }

    /**
     * @param batchSize the most documents in the reply, 0 for as many as fit
     * @throws CursorNotFoundException if it never was, is used up, killed or forgotten
     */
    Document more(String namespace, long id, int batchSize) {
        @Nullable OpenCursor cursor = cursors.get(id);
        if (cursor == null) {
            throw new CursorNotFoundException(id);
        }
        if (cursor.isDropped.getAsBoolean()) {
            cursors.remove(id);
            throw new MongoServerError(QUERY_PLAN_KILLED, "QueryPlanKilled", "collection dropped");
        }
        cursor.lastUse = System.nanoTime();
        List<RawDocument> batch = batch(cursor.results, batchSize == 0 ? Integer.MAX_VALUE : batchSize);
        if (cursor.results.hasNext()) {
            return reply(namespace, "nextBatch", batch, id);
        }
        cursors.remove(id);
        return reply(namespace, "nextBatch", batch, NONE_LEFT);
    }

    Document kill(List<Long> ids) {
        List<Long> killed = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        for (Long id : ids) {
            (cursors.remove(id) != null ? killed : unknown).add(id);
        }
        return new Document("cursorsKilled", killed)
                .append("cursorsNotFound", unknown)
                .append("cursorsAlive", List.of())
                .append("cursorsUnknown", List.of())
                .append("ok", 1.0);
    }

    private static List<RawDocument> batch(Iterator<RawDocument> results, int batchSize) {
        List<RawDocument> batch = new ArrayList<>();
        long bytes = 0;
        while (batch.size() < batchSize && bytes < LARGEST_BATCH_BYTES && results.hasNext()) {
            RawDocument document = results.next();
            batch.add(document);
            bytes += document.bson().length;
        }
        return batch;
    }

    private static Document reply(String namespace, String batchName, List<RawDocument> batch, long id) {
        Document cursor = new Document("id", id).append("ns", namespace).append(batchName, batch);
        return new Document("cursor", cursor).append("ok", 1.0);
    }

    private void forgetIdle() {
        long now = System.nanoTime();
        cursors.values().removeIf(cursor -> now - cursor.lastUse > IDLE_NANOS);
    }
}
