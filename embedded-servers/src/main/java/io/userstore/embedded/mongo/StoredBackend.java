package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.ErrorCode;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.BsonConstants;
import de.bwaldvogel.mongo.wire.MongoWireProtocolHandler;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStore;

/**
 * The databases of one store, and the commands that are about none or several of them. Commands on documents run side by side; those
 * that drop or rename something run alone, so that nobody finds a collection missing between the two steps of replacing it, or opens
 * one that is about to go.
 */
final class StoredBackend extends AbstractMongoBackend {

    /** MongoDB 5.0, whose commands the drivers of today still speak. */
    private static final int WIRE_VERSION = 13;

    private static final int LARGEST_WRITE_BATCH = 100_000;

    private final Catalog catalog;
    private final OpenCursors cursors = new OpenCursors();
    private final ReentrantReadWriteLock names = new ReentrantReadWriteLock();

    StoredBackend(MVStore store) {
        this.catalog = new Catalog(store);
        catalog.databaseNames().forEach(this::resolveDatabase);
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String databaseName) {
        return new StoredDatabase(databaseName, catalog, getCursorRegistry(), cursors);
    }

    @Override
    public Document handleCommand(Channel channel, String databaseName, String command, Document query) {
        String name = command.toLowerCase(Locale.ROOT);
        Lock lock = switch (name) {
            case "drop", "dropindexes", "dropdatabase", "renamecollection" -> names.writeLock();
            default -> names.readLock();
        };
        lock.lock();
        try {
            return switch (name) {
                case "hello", "ismaster" -> hello();
                case "getmore" -> getMore(databaseName, command, query);
                case "killcursors" -> cursors.kill(Arguments.ids(query, "cursors"));
                case "renamecollection" -> rename(channel, databaseName, command, query);
                case "listdatabases" -> listDatabases();
                case "endsessions" -> new Document("ok", 1.0);
                default -> super.handleCommand(channel, databaseName, command, query);
            };
        } finally {
            lock.unlock();
        }
    }

    /** Without sessions and replica set: drivers then use neither transactions nor retries of writes. */
    private static Document hello() {
        return new Document("ismaster", true)
                .append("isWritablePrimary", true)
                .append("helloOk", true)
                .append("maxBsonObjectSize", BsonConstants.MAX_BSON_OBJECT_SIZE)
                .append("maxMessageSizeBytes", MongoWireProtocolHandler.MAX_MESSAGE_SIZE_BYTES)
                .append("maxWriteBatchSize", LARGEST_WRITE_BATCH)
                .append("minWireVersion", 0)
                .append("maxWireVersion", WIRE_VERSION)
                .append("readOnly", false)
                .append("localTime", Instant.now())
                .append("ok", 1.0);
    }

    private Document getMore(String databaseName, String command, Document query) {
        String namespace = databaseName + "." + query.get("collection");
        long id = Arguments.id(query, command);
        return cursors.more(namespace, id, Arguments.number(query, "batchSize", 0));
    }

    /**
     * Renames a collection within its database, over another one if that is to be dropped.
     *
     * @see <a href="https://www.mongodb.com/docs/manual/reference/command/renameCollection/">renameCollection</a>
     */
    private Document rename(Channel channel, String databaseName, String command, Document query) {
        String from = String.valueOf(query.get(command));
        String to = String.valueOf(query.get("to"));
        String database = Utils.getDatabaseNameFromFullName(to);
        if (!database.equals(Utils.getDatabaseNameFromFullName(from))) {
            throw new MongoServerError(
                    ErrorCode.IllegalOperation, "this server renames collections within their database only");
        }
        return super.handleCommand(channel, databaseName, command, query);
    }

    private Document listDatabases() {
        List<Document> databases = listDatabaseNames().stream()
                .sorted()
                .map(name -> new Document("name", name).append("sizeOnDisk", 0L).append("empty", false))
                .toList();
        return new Document("databases", databases).append("totalSize", 0L).append("ok", 1.0);
    }
}
