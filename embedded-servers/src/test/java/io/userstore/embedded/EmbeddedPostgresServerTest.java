package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.embedded.ServerProcess.Server;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresServerTest {

    private static final String HOST = "127.0.0.1";

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void keepsItsDataAndItsPasswordOverARestart() throws Exception {
        String password;
        try (EmbeddedPostgresServer server = start()) {
            password = server.password();
            execute(server, "CREATE TABLE facts (fact text)");
            execute(server, "INSERT INTO facts VALUES ('kept')");
        }
        try (EmbeddedPostgresServer server = start()) {
            assertThat(server.password()).isEqualTo(password);
            assertThat(query(server, "SELECT fact FROM facts")).isEqualTo("kept");
        }
    }

    @Test
    void isDurableAndModest() throws SQLException {
        try (EmbeddedPostgresServer server = start()) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertThat(query(server, "SHOW " + setting)).as(setting).isEqualTo("on");
            }
            assertThat(query(server, "SHOW listen_addresses")).isEqualTo(HOST);
            assertThat(query(server, "SHOW unix_socket_directories")).isEmpty();
            assertThat(query(server, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(query(server, "SHOW max_connections")).isEqualTo("60");
        }
    }

    @Test
    void letsNobodyInWithoutThePassword() throws IOException {
        try (EmbeddedPostgresServer server = start()) {
            assertThat(server.password()).hasSizeGreaterThan(20);
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.username(), "guessed"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                assertThat(Files.getPosixFilePermissions(directory.resolve("password")))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @Test
    void takesOverFromAKilledProcess() throws Exception {
        try (ServerProcess process = ServerProcess.start(Server.POSTGRES, directory, port)) {
            execute(connection(), "CREATE TABLE facts AS SELECT 'kept' AS fact");
            process.kill();
        }
        long leftBehind = postmasterPid();
        assertThat(ProcessHandle.of(leftBehind))
                .as("the server outlives its starter")
                .isPresent();
        try (EmbeddedPostgresServer server = start()) {
            assertThat(query(server, "SELECT fact FROM facts")).isEqualTo("kept");
            assertThat(postmasterPid()).isNotEqualTo(leftBehind);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> ProcessHandle.of(leftBehind).isEmpty());
    }

    @Test
    void isNotMisledByAPidThatHasGoneToAnotherProcess() throws Exception {
        try (EmbeddedPostgresServer server = start()) {
            execute(server, "CREATE TABLE facts AS SELECT 'kept' AS fact");
        }
        Path pidFile = directory.resolve("cluster").resolve("postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + directory.resolve("cluster") + "\n");
        try (EmbeddedPostgresServer server = start()) {
            assertThat(query(server, "SELECT fact FROM facts")).isEqualTo("kept");
        }
    }

    @Test
    void refusesASecondServerOnTheSameDirectory() {
        try (EmbeddedPostgresServer server = start()) {
            assertThat(server.jdbcUrl()).contains(Integer.toString(port));
            assertThatThrownBy(() -> EmbeddedPostgresServer.start(directory, HOST, Ports.free()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another process uses the data directory");
        }
    }

    @Test
    void beginsAnewWhenItsFirstStartWasCutShort() throws Exception {
        Files.createFile(directory.resolve("being-made"));
        Files.createDirectories(directory.resolve("cluster").resolve("base"));
        try (EmbeddedPostgresServer server = start()) {
            assertThat(query(server, "SELECT 'well'")).isEqualTo("well");
        }
        assertThat(directory.resolve("being-made")).doesNotExist();
    }

    private EmbeddedPostgresServer start() {
        return EmbeddedPostgresServer.start(directory, HOST, port);
    }

    private Connection connection() throws IOException, SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/postgres".formatted(HOST, port),
                "postgres",
                Files.readString(directory.resolve("password")));
    }

    private long postmasterPid() throws IOException {
        return Long.parseLong(Files.readAllLines(directory.resolve("cluster").resolve("postmaster.pid"))
                .getFirst()
                .strip());
    }

    private static Connection connection(EmbeddedPostgresServer server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
    }

    private static void execute(EmbeddedPostgresServer server, String sql) throws SQLException {
        execute(connection(server), sql);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgresServer server, String sql) throws SQLException {
        try (Connection connection = connection(server);
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
