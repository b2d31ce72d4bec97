package io.userstore.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of its own process, started and stopped from here, as durable as any other: what is committed is on disk.
 * Runs as an ordinary user and, on Linux, as root.
 *
 * <p>The data directory holds {@code cluster} (PostgreSQL's own), {@code password} (readable by its owner only) and
 * {@code lock}. A server left behind by a process that was killed is stopped before the next start.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresServer.class);
    private static final String USERNAME = "postgres";
    private static final String DATABASE = "postgres";
    private static final String BEING_MADE = "being-made";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final DirectoryLock lock;
    private final String jdbcUrl;
    private final String password;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgresServer(EmbeddedPostgres server, DirectoryLock lock, String jdbcUrl, String password) {
        this.server = server;
        this.lock = lock;
        this.jdbcUrl = jdbcUrl;
        this.password = password;
    }

    /**
     * Starts the server and returns when it answers: in about 1 s, the first time in 4 s.
     *
     * @param dataDirectory made if missing; kept over restarts, for one server at a time
     * @param host the loopback address to listen on
     * @param port 1 to 65535
     * @throws IllegalStateException if another process uses the directory
     * @throws UncheckedIOException if the server does not come up
     */
    public static EmbeddedPostgresServer start(Path dataDirectory, String host, int port) {
        Path directory = dataDirectory.toAbsolutePath();
        Path cluster = directory.resolve("cluster");
        DirectoryLock lock = DirectoryLock.acquire(directory);
        try {
            new Postmaster(cluster).stopIfLeftBehind();
            PasswordFile password = PasswordFile.readOrCreate(directory.resolve("password"));
            dropIfHalfMade(directory, cluster);
            EmbeddedPostgres server = start(cluster, host, port, password);
            Files.deleteIfExists(directory.resolve(BEING_MADE));
            log.info("PostgreSQL listens on {}:{}, data in {}", host, port, directory);
            String jdbcUrl = "jdbc:postgresql://%s:%d/%s".formatted(host, port, DATABASE);
            return new EmbeddedPostgresServer(server, lock, jdbcUrl, password.value());
        } catch (IOException e) {
            lock.close();
            throw new UncheckedIOException(
                    "PostgreSQL did not start on %s:%d with its data in %s: %s"
                            .formatted(host, port, directory, e.getMessage()),
                    e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Stops the server that a killed process has left behind on a data directory, if there is one; its port is free then.
     *
     * @throws IllegalStateException if another process uses the directory
     * @throws UncheckedIOException if that server does not stop
     */
    public static void stopLeftBehind(Path dataDirectory) {
        Path directory = dataDirectory.toAbsolutePath();
        if (Files.notExists(directory)) {
            return;
        }
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            log.debug("looking for a server left behind, under {}", lock);
            new Postmaster(directory.resolve("cluster")).stopIfLeftBehind();
        } catch (IOException e) {
            throw new UncheckedIOException("the PostgreSQL left behind in " + directory + " does not stop", e);
        }
    }

    /** Returns the URL without user name and password. */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /** Returns the name of the database's owner. */
    public String username() {
        return USERNAME;
    }

    /** Returns the password, made at random for this data directory: a secret. */
    public String password() {
        return password;
    }

    /** Ends all connections, stops the server and waits for it. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (lock) {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not stop", e);
        }
    }

    /** A cluster whose first start was cut short holds nothing yet and cannot be used. */
    private static void dropIfHalfMade(Path directory, Path cluster) throws IOException {
        Path beingMade = directory.resolve(BEING_MADE);
        if (Files.exists(beingMade)) {
            Directories.delete(cluster);
        } else if (Files.notExists(cluster)) {
            Files.createFile(beingMade);
        }
    }

    private static EmbeddedPostgres start(Path cluster, String host, int port, PasswordFile password)
            throws IOException {
        EmbeddedPostgres.Builder server = EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(BinariesCache.directory().toFile())
                .setPGStartupWait(START_TIMEOUT)
                .setPort(port)
                .setConnectConfig("password", password.value());
        initialiseWithPassword(server, password);
        durable(server);
        modest(server);
        return server.setServerConfig("listen_addresses", host)
                .setServerConfig("unix_socket_directories", "")
                .start();
    }

    /**
     * "Locale" settings are the only ones handed on to {@code initdb}, where the last one counts: so nobody can ever connect
     * without the password, not even during the first start.
     */
    private static void initialiseWithPassword(EmbeddedPostgres.Builder server, PasswordFile password) {
        server.setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", password.path().toString())
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C");
    }

    /** The library is meant for tests and switches these off. */
    private static void durable(EmbeddedPostgres.Builder server) {
        server.setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on");
    }

    private static void modest(EmbeddedPostgres.Builder server) {
        server.setServerConfig("max_connections", "60")
                .setServerConfig("shared_buffers", "96MB")
                .setServerConfig("max_wal_size", "512MB")
                .setServerConfig("max_parallel_workers_per_gather", "0");
    }
}
