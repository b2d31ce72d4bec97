package io.userstore.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of the tests: each is started at its first use, on a free port of the loopback interface with its data in a
 * temporary folder, shared by all tests of the JVM, and gone with it. Tests keep apart by databases, topics and tables of
 * their own.
 *
 * <p>Environment variables put servers of your own in their place: {@code USERSTORE_TEST_JDBC_URL} (with
 * {@code USERSTORE_TEST_JDBC_USERNAME} and {@code USERSTORE_TEST_JDBC_PASSWORD}), {@code USERSTORE_TEST_KAFKA}
 * (bootstrap servers) and {@code USERSTORE_TEST_MONGODB_URI}.
 *
 * <p>Thread-safe. A server that does not start makes each call fail.
 */
public final class TestServers {

    private static final String LOOPBACK = "127.0.0.1";

    private TestServers() {}

    /** Returns the JDBC URL of PostgreSQL, without user name and password. */
    public static String jdbcUrl() {
        @Nullable String chosen = chosen("USERSTORE_TEST_JDBC_URL");
        return chosen != null ? chosen : Postgres.SERVER.jdbcUrl();
    }

    /** Returns a user who may do everything in the database of {@link #jdbcUrl()}. */
    public static String jdbcUsername() {
        return isChosen("USERSTORE_TEST_JDBC_URL")
                ? required("USERSTORE_TEST_JDBC_USERNAME")
                : Postgres.SERVER.username();
    }

    /** Returns the password of {@link #jdbcUsername()}. */
    public static String jdbcPassword() {
        return isChosen("USERSTORE_TEST_JDBC_URL")
                ? required("USERSTORE_TEST_JDBC_PASSWORD")
                : Postgres.SERVER.password();
    }

    /** Returns Kafka's {@code bootstrap.servers}. */
    public static String kafkaBootstrapServers() {
        @Nullable String chosen = chosen("USERSTORE_TEST_KAFKA");
        return chosen != null ? chosen : Kafka.SERVER.bootstrapServers();
    }

    /** Returns the connection string of MongoDB, without a database. */
    public static String mongoUri() {
        @Nullable String chosen = chosen("USERSTORE_TEST_MONGODB_URI");
        return chosen != null ? chosen : Mongo.SERVER.uri();
    }

    /** Returns a port of the loopback interface on which nobody listens; see {@link Ports#free()}. */
    public static int freePort() {
        return Ports.free();
    }

    private static boolean isChosen(String variable) {
        return chosen(variable) != null;
    }

    private static @Nullable String chosen(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isBlank() ? null : value;
    }

    private static String required(String variable) {
        @Nullable String value = chosen(variable);
        if (value == null) {
            throw new IllegalStateException("set " + variable + " too, since USERSTORE_TEST_JDBC_URL is set");
        }
        return value;
    }

    private static final class Postgres {
        static final EmbeddedPostgresServer SERVER =
                untilExit("postgres", folder -> EmbeddedPostgresServer.start(folder, LOOPBACK, Ports.free()));
    }

    private static final class Kafka {
        static final EmbeddedKafkaBroker SERVER =
                untilExit("kafka", folder -> EmbeddedKafkaBroker.start(folder, LOOPBACK, Ports.free()));
    }

    private static final class Mongo {
        static final EmbeddedMongoServer SERVER =
                untilExit("mongo", folder -> EmbeddedMongoServer.start(folder, LOOPBACK, Ports.free()));
    }

    private interface Start<S extends AutoCloseable> {
        S in(Path folder);
    }

    private static <S extends AutoCloseable> S untilExit(String name, Start<S> start) {
        try {
            Path folder = Files.createTempDirectory("userstore-test-" + name + "-");
            S server = start.in(folder);
            Thread stop = new Thread(() -> stopAndDelete(server, folder), "stop-test-" + name);
            Runtime.getRuntime().addShutdownHook(stop);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for " + name, e);
        }
    }

    private static void stopAndDelete(AutoCloseable server, Path folder) {
        try (server) {
            Logger log = LoggerFactory.getLogger(TestServers.class);
            log.debug("stopping {}", server);
        } catch (Exception e) {
            throw new IllegalStateException("a test server did not stop; its data is left in " + folder, e);
        }
        try {
            Directories.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
