package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoCollection;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import de.bwaldvogel.mongo.exception.ImmutableFieldException;
import de.bwaldvogel.mongo.exception.IndexBuildFailedException;
import de.bwaldvogel.mongo.exception.InvalidIdFieldError;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * Documents by id, with their indexes. Readers take no lock; writers take turns. A reader sees each document as it was before
 * or after a change, though not all documents at the same instant.
 */
final class StoredCollection extends AbstractMongoCollection<byte[]> {

    /** Some 100 bytes each. */
    private static final int SORTED_AT_ONCE = 50_000;

    private final MVMap<byte[], byte[]> documents;
    private final PrimaryIndex primary;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile List<SecondaryIndex> secondary = List.of();

    StoredCollection(
            MongoDatabase database,
            String name,
            CollectionOptions options,
            CursorRegistry cursors,
            MVMap<byte[], byte[]> documents) {
        super(database, name, options, cursors);
        this.documents = documents;
        this.primary = new PrimaryIndex(documents);
        if (hasIds()) {
            super.addIndex(primary);
        }
    }

    /** The server's own collections of names and of indexes have none. */
    private boolean hasIds() {
        return PrimaryIndex.FIELD.equals(options.getIdField());
    }

    MVMap<byte[], byte[]> documents() {
        return documents;
    }

    boolean isDropped() {
        return documents.isClosed();
    }

    // Finding

    Iterator<StoredDocument> find(Find find) {
        Plan plan = planner().plan(find.filter(), find.sort(), find.wanted());
        boolean mayRepeat = plan.mayRepeat() || find.limit() > 0 && !(plan instanceof Plan.ById);
        Iterator<StoredDocument> matches = new Matches(documents, keys(plan), unchecked(plan, find), mayRepeat);
        if (!find.sort().isNone() && !plan.isSorted()) {
            matches = SortedMatches.of(matches, find.sort(), find.wanted());
        }
        for (long i = 0; i < find.skip() && matches.hasNext(); i++) {
            matches.next();
        }
        return find.limit() == 0 ? matches : new Limited(matches, find.limit());
    }

    private Planner planner() {
        return new Planner(primary, secondary);
    }

    private static Iterator<byte[]> keys(Plan plan) {
        return switch (plan) {
            case Plan.ById byId -> byId.keys().iterator();
            case Plan.ByRange byRange -> new EntryScan(byRange);
            case Plan.Union union ->
                union.plans().stream()
                        .<byte[]>mapMulti((part, sink) -> keys(part).forEachRemaining(sink))
                        .iterator();
        };
    }

    /** What is left to check: nothing, if an id is all that is asked for, since an id never changes. */
    private static Filter unchecked(Plan plan, Find find) {
        boolean isDecided = plan instanceof Plan.ById && !(find.filter() instanceof Filter.All);
        return isDecided ? Filter.EVERYTHING : find.filter();
    }

    private Optional<StoredDocument> findFirst(Filter filter) {
        Iterator<StoredDocument> matches = find(Find.first(filter));
        return matches.hasNext() ? Optional.of(matches.next()) : Optional.empty();
    }

    /** Counts without reading the documents where an index decides alone. */
    long count(Filter filter) {
        Plan plan = planner().plan(filter, Sort.NONE, Long.MAX_VALUE);
        if (plan instanceof Plan.ByRange range && range.isExact()) {
            return range.countEntries();
        }
        long count = 0;
        for (Iterator<StoredDocument> matches = find(Find.all(filter)); matches.hasNext(); matches.next()) {
            count++;
        }
        return count;
    }

    Stream<Document> stream(Find find) {
        Spliterator<StoredDocument> matches = Spliterators.spliteratorUnknownSize(find(find), Spliterator.ORDERED);
        return StreamSupport.stream(matches, false)
                .map(match -> match.document().decode());
    }

    /** Applies a projection as mongo-java-server does. */
    Document project(Document document, Document projection) {
        return matchDocumentsFromStream(new Document(), Stream.of(document), 0, 0, 0, null, projection)
                .collectDocuments()
                .getFirst();
    }

    @Override
    protected QueryResult queryDocuments(
            Document query,
            @Nullable Document orderBy,
            int numberToSkip,
            int limit,
            int batchSize,
            @Nullable Document fieldSelector) {
        Find find = new Find(FilterParser.parse(query), Sort.parse(orderBy), numberToSkip, limit, fieldSelector);
        Stream<Document> found = stream(find);
        if (!find.isWhole() && fieldSelector != null) {
            found = found.map(document -> project(document, fieldSelector));
        }
        return createQueryResult(found.toList(), batchSize);
    }

    @Override
    protected QueryResult matchDocuments(
            Document query, Document orderBy, int numberToSkip, int limit, int batchSize, Document fieldSelector) {
        return queryDocuments(query, orderBy, numberToSkip, limit, batchSize, fieldSelector);
    }

    @Override
    public int count() {
        return Math.toIntExact(documents.sizeAsLong());
    }

    @Override
    public boolean isEmpty() {
        return documents.isEmpty();
    }

    // Writing

    @Override
    public void addDocument(Document document) {
        exclusively(() -> insert(document));
    }

    private void insert(Document document) {
        requireScalarId(document.get(PrimaryIndex.FIELD));
        if (hasIds()) {
            document.putIfAbsent(PrimaryIndex.FIELD, new ObjectId());
        }
        byte[] key = keyOf(document);
        RawDocument raw = stored(document);
        if (documents.containsKey(key)) {
            throw new DuplicateKeyError(this, DuplicateKeys.describe(primary, document));
        }
        // All that can fail comes before anything is written.
        List<List<byte[]>> entries = new ArrayList<>(secondary.size());
        for (SecondaryIndex index : secondary) {
            entries.add(index.checkedEntries(raw, key, this));
        }
        for (int i = 0; i < entries.size(); i++) {
            secondary.get(i).put(entries.get(i));
        }
        documents.put(key, raw.bson());
    }

    private static void requireScalarId(@Nullable Object id) {
        if (id instanceof Collection<?>) {
            throw new InvalidIdFieldError("The '_id' value cannot be of type array");
        }
    }

    private byte[] keyOf(Document document) {
        @Nullable String idField = options.getIdField();
        return KeyBytes.of(idField == null ? UUID.randomUUID() : document.get(idField));
    }

    /** @see <a href="https://www.mongodb.com/docs/manual/core/document/#field-order">The _id field is always first</a> */
    private RawDocument stored(Document document) {
        if (!hasIds() || document.keySet().iterator().next().equals(PrimaryIndex.FIELD)) {
            return RawDocument.of(document);
        }
        Document idFirst = new Document(PrimaryIndex.FIELD, document.get(PrimaryIndex.FIELD));
        idFirst.putAll(document);
        return RawDocument.of(idFirst);
    }

    @Override
    public Document updateDocuments(
            Document selector,
            Document update,
            ArrayFilters arrayFilters,
            boolean isMulti,
            boolean isUpsert,
            Oplog oplog) {
        return exclusively(() -> isMulti || isOperators(update) || !hasIds()
                ? updateByOperators(selector, update, arrayFilters, isMulti, isUpsert, oplog)
                : replace(selector, update, isUpsert));
    }

    private static boolean isOperators(Document update) {
        return update.keySet().stream().anyMatch(key -> key.startsWith("$"));
    }

    private Document updateByOperators(
            Document selector,
            Document update,
            ArrayFilters arrayFilters,
            boolean isMulti,
            boolean isUpsert,
            Oplog oplog) {
        Document oneOrAll = isMulti || !hasIds() ? selector : narrowedToFirst(selector);
        return super.updateDocuments(oneOrAll, update, arrayFilters, isMulti, isUpsert, oplog);
    }

    /** Else mongo-java-server would read all documents that match to change one. */
    private Document narrowedToFirst(Document selector) {
        return findFirst(FilterParser.parse(selector))
                .map(first -> new Document(PrimaryIndex.FIELD, first.document().id()).append("$and", List.of(selector)))
                .orElse(selector);
    }

    private Document replace(Document selector, Document replacement, boolean isUpsert) {
        Optional<StoredDocument> found = findFirst(FilterParser.parse(selector));
        if (found.isEmpty()) {
            return isUpsert ? insertReplacement(selector, replacement) : updateResult(0, 0);
        }
        RawDocument before = found.get().document();
        RawDocument after = replacement(before, replacement);
        if (Arrays.equals(before.bson(), after.bson())) {
            return updateResult(1, 0);
        }
        write(found.get().key(), before, after);
        return updateResult(1, 1);
    }

    private static RawDocument replacement(RawDocument before, Document replacement) {
        Document complete = new Document(PrimaryIndex.FIELD, before.id());
        @Nullable Object newId = replacement.get(PrimaryIndex.FIELD);
        if (newId != null && !BsonOrder.isEqual(newId, complete.get(PrimaryIndex.FIELD))) {
            throw new ImmutableFieldException(
                    "After applying the update, the (immutable) field '_id' was found to have been altered to _id: "
                            + newId);
        }
        complete.putAll(replacement);
        return RawDocument.of(complete);
    }

    private void write(byte[] key, RawDocument before, RawDocument after) {
        List<SecondaryIndex.Change> changes = new ArrayList<>();
        for (SecondaryIndex index : secondary) {
            SecondaryIndex.Change change = index.change(before, after, key);
            if (!change.isEmpty()) {
                index.check(after, key, this);
                changes.add(change);
            }
        }
        changes.forEach(SecondaryIndex.Change::putAdded);
        documents.put(key, after.bson());
        changes.forEach(SecondaryIndex.Change::removeRemoved);
    }

    private Document insertReplacement(Document selector, Document replacement) {
        Document document = new Document(PrimaryIndex.FIELD, replacement.get(PrimaryIndex.FIELD));
        if (!replacement.containsKey(PrimaryIndex.FIELD)) {
            document.put(PrimaryIndex.FIELD, idAskedFor(FilterParser.parse(selector)));
        }
        document.putAll(replacement);
        insert(document);
        return updateResult(0, 0).append("upserted", document.get(PrimaryIndex.FIELD));
    }

    private static Object idAskedFor(Filter filter) {
        List<Filter> conditions = filter instanceof Filter.All all ? all.filters() : List.of(filter);
        for (Filter condition : conditions) {
            if (condition instanceof Filter.Field(FieldPath path, ValueTest.EqualTo(Object id))
                    && path.name().equals(PrimaryIndex.FIELD)
                    && id != null) {
                return id;
            }
        }
        return new ObjectId();
    }

    private static Document updateResult(int matched, int modified) {
        return new Document("n", matched).append("nModified", modified);
    }

    @Override
    public int deleteDocuments(Document selector, int limit, Oplog oplog) {
        return exclusively(() -> {
            Find find = new Find(FilterParser.parse(selector), Sort.NONE, 0, Math.max(0, limit), null);
            int deleted = 0;
            for (Iterator<StoredDocument> matches = find(find); matches.hasNext(); deleted++) {
                StoredDocument match = matches.next();
                remove(match.key(), match.document());
            }
            return deleted;
        });
    }

    private void remove(byte[] key, RawDocument document) {
        documents.remove(key);
        for (SecondaryIndex index : secondary) {
            index.remove(document, key);
        }
    }

    @Override
    public void removeDocument(Document document) {
        if (hasIds()) {
            exclusively(() -> remove(keyOf(document), RawDocument.of(document)));
        } else {
            super.removeDocument(document);
        }
    }

    @Override
    public Document findAndModify(Document query) {
        return exclusively(() -> super.findAndModify(query));
    }

    @Override
    public List<Document> insertDocuments(List<Document> documents, boolean isOrdered) {
        return exclusively(() -> super.insertDocuments(documents, isOrdered));
    }

    /** Called when the indexes have the new entries already. */
    @Override
    protected void handleUpdate(byte[] position, Document oldDocument, Document newDocument) {
        RawDocument before = RawDocument.of(oldDocument);
        RawDocument after = RawDocument.of(newDocument);
        documents.put(position, after.bson());
        for (SecondaryIndex index : secondary) {
            index.change(before, after, position).removeRemoved();
        }
    }

    @Override
    protected byte[] addDocumentInternal(Document document) {
        throw new UnsupportedOperationException("addDocument does it all");
    }

    @Override
    protected @Nullable Document getDocument(byte[] position) {
        byte @Nullable [] bson = documents.get(position);
        return bson == null ? null : new RawDocument(bson).decode();
    }

    @Override
    protected void removeDocument(byte[] position) {
        documents.remove(position);
    }

    @Override
    protected Stream<DocumentWithPosition<byte[]>> streamAllDocumentsWithPosition() {
        Iterator<StoredDocument> all = find(Find.all(Filter.EVERYTHING));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(all, Spliterator.ORDERED), false)
                .map(document -> new DocumentWithPosition<>(document.document().decode(), document.key()));
    }

    // Indexes

    @Override
    public void addIndex(Index<byte[]> index) {
        exclusively(() -> {
            boolean isNew =
                    getIndexes().stream().noneMatch(other -> other.getName().equals(index.getName()));
            if (isNew && index instanceof SecondaryIndex added) {
                fill(added);
            }
            super.addIndex(index);
            secondary = getIndexes().stream()
                    .filter(SecondaryIndex.class::isInstance)
                    .map(SecondaryIndex.class::cast)
                    .toList();
        });
    }

    private void fill(SecondaryIndex index) {
        if (!index.isEmpty()) {
            return; // opened, not created
        }
        try {
            Iterator<StoredDocument> all = find(Find.all(Filter.EVERYTHING));
            List<byte[]> gathered = new ArrayList<>();
            while (all.hasNext()) {
                StoredDocument document = all.next();
                gathered.addAll(index.checkedEntries(document.document(), document.key(), this));
                // A unique index has to see each before the next. Others are filled in their order, as far as memory
                // goes:
                // neighbours then go into the same page, which otherwise would be read and written for each of them.
                if (index.isUnique() || gathered.size() >= SORTED_AT_ONCE) {
                    index.putSorted(gathered);
                    gathered.clear();
                }
            }
            index.putSorted(gathered);
        } catch (MongoServerError e) {
            index.drop();
            throw new IndexBuildFailedException(e, this);
        }
    }

    @Override
    public void dropIndex(String indexName) {
        exclusively(() -> {
            secondary = secondary.stream()
                    .filter(index -> !index.getName().equals(indexName))
                    .toList();
            super.dropIndex(indexName);
        });
    }

    private void exclusively(Runnable change) {
        exclusively(() -> {
            change.run();
            return true;
        });
    }

    private <T> T exclusively(Supplier<T> change) {
        writing.lock();
        try {
            return change.get();
        } finally {
            writing.unlock();
        }
    }

    // Sizes are not kept: they would cost an encoding each time.

    @Override
    protected boolean tracksDataSize() {
        return false;
    }

    @Override
    protected void updateDataSize(int sizeDelta) {}

    @Override
    protected int getDataSize() {
        return 0;
    }
}
