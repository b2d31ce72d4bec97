package io.userstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that has two users. */
class ExportCommandTest {
    private static final String ANN = "{\"username\":\"ann\",\"cursor\":1}\n";
    private static final String BOB = "{\"username\":\"bob\",\"cursor\":2}\n";

    @TempDir
    private Path folder;

    private HttpServer server;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("users.ndjson");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/1/users/export", exchange -> {
            String lines = exchange.getRequestURI().getQuery().equals("after=1") ? BOB : ANN + BOB;
            byte[] body = lines.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void export(String... more) {
        String[] arguments = new String[more.length + 4];
        String url = "--url=http://127.0.0.1:" + server.getAddress().getPort();
        System.arraycopy(new String[] {"export", file.toString(), url, "--key=sk_test"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        assertThat(Userstore.run(arguments)).isZero();
    }

    private String permissions() throws IOException {
        assumeThat(Files.getFileStore(file).supportsFileAttributeView("posix")).isTrue();
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void usersAreWrittenForTheOwnerOnly() throws IOException {
        export();
        assertThat(file).hasContent(ANN + BOB);
        assertThat(permissions()).isEqualTo("rw-------");
    }

    @Test
    void anExportThatGoesOnIntoANewFileIsForTheOwnerOnlyToo() throws IOException {
        export("--after=1");
        assertThat(file).hasContent(BOB);
        assertThat(permissions()).isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsThereIsWrittenAnewOrAddedToAndKeepsItsPermissions() throws IOException {
        Files.writeString(file, "what was there before, and is longer than all the users that come\n".repeat(9));
        assumeThat(Files.getFileStore(file).supportsFileAttributeView("posix")).isTrue();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        export();
        assertThat(file).hasContent(ANN + BOB);
        export("--after=1");
        assertThat(file).hasContent(ANN + BOB + BOB);
        assertThat(permissions()).isEqualTo("rw-r-----");
    }
}
