package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.aggregation.Aggregation;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The commands that read a collection. */
final class ReadCommands {

    private static final int DEFAULT_FIRST_BATCH = 101;

    private final StoredDatabase database;
    private final OpenCursors cursors;

    ReadCommands(StoredDatabase database, OpenCursors cursors) {
        this.database = database;
        this.cursors = cursors;
    }

    /** @see <a href="https://www.mongodb.com/docs/manual/reference/command/find/">find</a> */
    Document find(Document command) {
        String name = Arguments.string(command, "find");
        Find find = new Find(
                FilterParser.parse(Arguments.document(command, "filter")),
                Sort.parse(Arguments.document(command, "sort")),
                Arguments.number(command, "skip", 0),
                Arguments.number(command, "limit", 0),
                Arguments.document(command, "projection"));
        @Nullable StoredCollection collection = database.collection(name);
        int batchSize = Arguments.number(command, "batchSize", DEFAULT_FIRST_BATCH);
        boolean isLast = Arguments.flag(command, "singleBatch", false);
        if (collection == null) {
            return cursors.open(namespace(name), List.<RawDocument>of().iterator(), 1, true, () -> false);
        }
        return cursors.open(namespace(name), results(collection, find), batchSize, isLast, collection::isDropped);
    }

    private static Iterator<RawDocument> results(StoredCollection collection, Find find) {
        Iterator<StoredDocument> found = collection.find(find);
        Document projection = find.projection();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return found.hasNext();
            }

            @Override
            public RawDocument next() {
                RawDocument document = found.next().document();
                return projection == null || projection.isEmpty()
                        ? document
                        : RawDocument.of(collection.project(document.decode(), projection));
            }
        };
    }

    /** @see <a href="https://www.mongodb.com/docs/manual/reference/command/count/">count</a> */
    Document count(Document command) {
        @Nullable StoredCollection collection = database.collection(Arguments.string(command, "count"));
        Filter filter = FilterParser.parse(Arguments.document(command, "query"));
        long count = collection == null ? 0 : collection.count(filter);
        count = Math.max(0, count - Arguments.number(command, "skip", 0));
        int limit = Math.abs(Arguments.number(command, "limit", 0));
        return new Document("n", limit == 0 ? count : Math.min(limit, count)).append("ok", 1.0);
    }

    /**
     * What the pipeline begins with is found through the indexes, the stages after that are mongo-java-server's.
     *
     * @see <a href="https://www.mongodb.com/docs/manual/reference/command/aggregate/">aggregate</a>
     */
    Document aggregate(Document command, DatabaseResolver databases, Oplog oplog) {
        String name = Arguments.string(command, "aggregate");
        List<Document> pipeline = Arguments.documents(command, "pipeline");
        @Nullable StoredCollection collection = database.collection(name);
        LeadingStages leading = LeadingStages.of(pipeline);
        Aggregation rest = Aggregation.fromPipeline(leading.rest(), databases, database, collection, oplog);
        rest.validate(withoutBatchSize(command));
        Stream<Document> results;
        if (collection == null) {
            results = Stream.empty();
        } else if (leading.isCount()) {
            results = counted(collection.count(leading.find().filter()));
        } else {
            results = rest.runStagesAsStream(collection.stream(leading.find()));
        }
        // Stages may write ($out, $merge) or end the stream only when read to the end: so they are, here and now.
        Iterator<RawDocument> documents =
                results.toList().stream().map(RawDocument::of).iterator();
        Document cursor = Objects.requireNonNullElseGet(Arguments.document(command, "cursor"), Document::new);
        int batchSize = Arguments.number(cursor, "batchSize", DEFAULT_FIRST_BATCH);
        return cursors.open(namespace(name), documents, batchSize, false, () -> false);
    }

    /** mongo-java-server knows none and would say so each time. */
    private static Document withoutBatchSize(Document command) {
        return command.containsKey("cursor") ? new Document("cursor", new Document()) : command;
    }

    private static Stream<Document> counted(long count) {
        return count == 0 ? Stream.empty() : Stream.of(new Document("_id", 1).append("n", Math.toIntExact(count)));
    }

    private String namespace(String collection) {
        return database.getDatabaseName() + "." + collection;
    }
}
