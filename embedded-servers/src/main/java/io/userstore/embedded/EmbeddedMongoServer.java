package io.userstore.embedded;

import io.userstore.embedded.mongo.MongoProtocolServer;
import io.userstore.embedded.mongo.StoreCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server in this JVM that speaks MongoDB's wire protocol, for read models: data that can be rebuilt. It keeps what was
 * written when it is closed. When the process ends in any other way, the last second may be lost and the rest is not trusted:
 * the next start drops it all and says so ({@link #isFresh()}).
 *
 * <p>Left out, and refused rather than ignored where that is possible: transactions and sessions, partial, TTL, text and
 * geospatial indexes, collations, updates by pipeline, array filters, unacknowledged writes, change streams, renaming a
 * collection into another database.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedMongoServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedMongoServer.class);

    /** The number is that of the way keys are encoded: a file of another is not found, thus begun anew. */
    private static final String STORE = "store-1.mv";

    private static final String OPEN = "open";

    /** The store while it is written anew. */
    private static final String STORE_ANEW = STORE + ".new";

    private static final int CACHE_MB = 24;

    /** The more changes a commit writes together, the fewer pages are written over and over: 4 MB cost twice the CPU. */
    private static final int WRITE_BUFFER_KB = 16 * 1024;

    private static final int PAGE_BYTES = 4 * 1024;

    /** The file may be two and a half times as large as what is in it: keeping it smaller costs more than all the writing. */
    private static final int LEAST_FILLED_PERCENT = 40;

    private static final int COMMIT_DELAY_MS = 1_000;

    /** Longer than any scan relies on one view of an index (1 s). */
    private static final int KEEP_OLD_PAGES_MS = 5_000;

    private static final int COMPACT_ON_CLOSE_MS = 2_000;

    /** Up to this size, bytes, the file is written anew at the end, so that nothing is left in it of what was removed. */
    private static final long WRITTEN_ANEW_BYTES = 512L * 1024 * 1024;

    private final Path directory;
    private final DirectoryLock lock;
    private final MVStore store;
    private final MongoProtocolServer server;
    private final String uri;
    private final boolean fresh;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedMongoServer(Path directory, DirectoryLock lock, String host, int port) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.fresh = !isLeftInOrder(directory);
        this.store = open(directory.resolve(STORE));
        this.uri = "mongodb://" + host + ":" + port;
        try {
            this.server = MongoProtocolServer.start(store, host, port);
        } catch (RuntimeException e) {
            store.closeImmediately();
            throw e;
        }
    }

    /**
     * Starts the server and returns when it serves.
     *
     * @param dataDirectory made if missing; kept over restarts, for one server at a time
     * @param host the loopback address to listen on
     * @param port 1 to 65535
     * @throws IllegalStateException if another process uses the directory
     * @throws UncheckedIOException if the directory cannot be written to
     */
    public static EmbeddedMongoServer start(Path dataDirectory, String host, int port) {
        Path directory = dataDirectory.toAbsolutePath();
        DirectoryLock lock = DirectoryLock.acquire(directory);
        try {
            EmbeddedMongoServer server = new EmbeddedMongoServer(directory, lock, host, port);
            log.info("MongoDB protocol on {}:{}, data in {}", host, port, directory);
            return server;
        } catch (IOException e) {
            lock.close();
            throw new UncheckedIOException("cannot use the data directory " + directory, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Returns the connection string, without a database. */
    public String uri() {
        return uri;
    }

    /** Tells whether this start found nothing, or nothing to be trusted: what shall be in there must be written anew. */
    public boolean isFresh() {
        return fresh;
    }

    /**
     * Ends all connections and writes what is left to disk. A file of up to 512 MiB is written anew, which leaves nothing of
     * documents that were removed or replaced; a larger one is compacted for 2 s. Closing again does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (lock) {
            server.close();
            closeStore();
            Files.delete(directory.resolve(OPEN));
        } catch (IOException e) {
            throw new UncheckedIOException("the store in " + directory + " could not be marked as closed", e);
        }
    }

    private void closeStore() throws IOException {
        Path file = directory.resolve(STORE);
        if (Files.size(file) > WRITTEN_ANEW_BYTES) {
            store.close(COMPACT_ON_CLOSE_MS);
            log.warn("{} is too large to be written anew: what was removed may still be found in it", file);
            return;
        }
        Path anew = directory.resolve(STORE_ANEW);
        MVStore copy = open(anew);
        StoreCopy.of(store, copy);
        copy.close(0);
        store.close(0);
        Files.move(anew, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Drops the store unless it was closed by {@link #close()}; from here on it counts as open. */
    private static boolean isLeftInOrder(Path directory) throws IOException {
        Path file = directory.resolve(STORE);
        Path open = directory.resolve(OPEN);
        Files.deleteIfExists(directory.resolve(STORE_ANEW));
        boolean inOrder = Files.exists(file) && Files.notExists(open);
        if (!inOrder && Files.deleteIfExists(file)) {
            log.warn("{} was not closed in order: starting anew, the read models will be rebuilt", file);
        }
        if (Files.notExists(open)) {
            Files.createFile(open);
        }
        return inOrder;
    }

    private static MVStore open(Path file) throws IOException {
        try {
            MVStore store = new MVStore.Builder()
                    .fileName(file.toString())
                    .cacheSize(CACHE_MB)
                    .autoCommitBufferSize(WRITE_BUFFER_KB)
                    .pageSplitSize(PAGE_BYTES)
                    .autoCompactFillRate(LEAST_FILLED_PERCENT)
                    .open();
            store.setAutoCommitDelay(COMMIT_DELAY_MS);
            store.setRetentionTime(KEEP_OLD_PAGES_MS);
            store.setVersionsToKeep(0);
            return store;
        } catch (MVStoreException e) {
            throw new IOException("cannot open " + file + ": " + e.getMessage(), e);
        }
    }
}
