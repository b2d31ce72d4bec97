package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.oplog.Oplog;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Locale;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/** Collections by name. Commands run side by side, but for those that {@link StoredBackend} lets run alone. */
final class StoredDatabase extends AbstractMongoDatabase<byte[]> {

    private static final int CANNOT_CREATE_INDEX = 67;

    private final Catalog catalog;
    private final ReadCommands reads;
    private final WriteCommands writes;
    private final Object creation = new Object();

    StoredDatabase(String name, Catalog catalog, CursorRegistry stockCursors, OpenCursors cursors) {
        super(name, stockCursors);
        this.catalog = catalog;
        this.reads = new ReadCommands(this, cursors);
        this.writes = new WriteCommands(this);
        initializeNamespacesAndIndexes();
    }

    @Override
    public Document handleCommand(
            Channel channel, String command, Document query, DatabaseResolver databases, Oplog oplog) {
        Arguments.requireNoCollation(query);
        return switch (command.toLowerCase(Locale.ROOT)) {
            case "find" -> reads.find(query);
            case "count" -> reads.count(query);
            case "aggregate" -> reads.aggregate(query, databases, oplog);
            case "insert" -> writes.insert(query);
            case "update" -> writes.update(query);
            case "delete" -> writes.delete(query);
            case "findandmodify" ->
                collectionToWrite(Arguments.string(query, command)).findAndModify(query);
            case "createindexes" -> {
                Arguments.documents(query, "indexes").forEach(StoredDatabase::requireKnownOptions);
                yield stock(channel, command, query, databases, oplog);
            }
            default -> stock(channel, command, query, databases, oplog);
        };
    }

    private Document stock(Channel channel, String command, Document query, DatabaseResolver databases, Oplog oplog) {
        synchronized (creation) {
            return super.handleCommand(channel, command, query, databases, oplog);
        }
    }

    /** What is not known would be ignored, and documents kept, refused or not found against the user's will. */
    private static void requireKnownOptions(Document index) {
        for (String option :
                List.of("partialFilterExpression", "expireAfterSeconds", "collation", "wildcardProjection")) {
            if (index.containsKey(option)) {
                throw cannotCreate(index, "knows no " + option);
            }
        }
        Document key = Arguments.document(index, "key");
        if (key == null || !key.values().stream().allMatch(Number.class::isInstance)) {
            throw cannotCreate(index, "knows only ascending and descending indexes");
        }
    }

    private static MongoServerError cannotCreate(Document index, String reason) {
        return new MongoServerError(
                CANNOT_CREATE_INDEX, "CannotCreateIndex", "this server " + reason + ": index " + index.get("name"));
    }

    @Nullable
    StoredCollection collection(String name) {
        return (StoredCollection) resolveCollection(name, false);
    }

    StoredCollection collectionToWrite(String name) {
        return (StoredCollection) resolveOrCreateCollection(name);
    }

    @Override
    protected MongoCollection<byte[]> resolveOrCreateCollection(String collectionName) {
        @Nullable MongoCollection<byte[]> existing = resolveCollection(collectionName, false);
        if (existing != null) {
            return existing;
        }
        synchronized (creation) {
            return super.resolveOrCreateCollection(collectionName);
        }
    }

    @Override
    protected MongoCollection<byte[]> openOrCreateCollection(String collectionName, CollectionOptions options) {
        MVMap<byte[], byte[]> documents = catalog.documents(getFullCollectionNamespace(collectionName));
        return new StoredCollection(this, collectionName, options, cursorRegistry, documents);
    }

    @Override
    protected Index<byte[]> openOrCreateUniqueIndex(
            String collectionName, String indexName, List<IndexKey> keys, boolean sparse) {
        if (indexName.equals(PrimaryIndex.NAME)) {
            return new PrimaryIndex(catalog.documents(getFullCollectionNamespace(collectionName)));
        }
        return index(collectionName, indexName, keys, sparse, true);
    }

    @Override
    protected Index<byte[]> openOrCreateSecondaryIndex(
            String collectionName, String indexName, List<IndexKey> keys, boolean sparse) {
        return index(collectionName, indexName, keys, sparse, false);
    }

    private SecondaryIndex index(
            String collectionName, String indexName, List<IndexKey> keys, boolean sparse, boolean unique) {
        String namespace = getFullCollectionNamespace(collectionName);
        MVMap<byte[], byte[]> entries = catalog.entries(namespace, indexName);
        IndexFlags flags = catalog.flags(namespace, indexName);
        return new SecondaryIndex(indexName, keys, sparse, unique, entries, flags, () -> catalog.remove(entries));
    }

    @Override
    public void dropCollection(String collectionName, Oplog oplog) {
        super.dropCollection(collectionName, oplog);
        catalog.remove(getFullCollectionNamespace(collectionName));
    }

    @Override
    public void moveCollection(MongoDatabase oldDatabase, MongoCollection<?> collection, String newCollectionName) {
        String from = collection.getFullName();
        super.moveCollection(oldDatabase, collection, newCollectionName);
        catalog.rename(from, getFullCollectionNamespace(newCollectionName));
    }

    @Override
    protected long getFileSize() {
        return 0;
    }

    @Override
    protected long getStorageSize() {
        return 0;
    }
}
