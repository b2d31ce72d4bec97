package io.userstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that answers each line as it comes, as the real one does, and can be told to go away. */
class ImportCommandTest {
    @TempDir
    private Path folder;

    /** Reads a chunked body as lines, which is enough here: sizes of chunks are none that begins with a brace. */
    private static final class Answering implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final List<String> received = new CopyOnWriteArrayList<>();
        private final List<String> heads = new CopyOnWriteArrayList<>();
        private final int goesAwayAfter;

        Answering(int goesAwayAfter) throws IOException {
            this.goesAwayAfter = goesAwayAfter;
            Thread.ofPlatform().daemon().start(this::serve);
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        private void serve() {
            try (Socket client = socket.accept()) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
                OutputStream out = client.getOutputStream();
                for (String head = in.readLine(); !head.isEmpty(); head = in.readLine()) {
                    heads.add(head);
                }
                out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                int number = 0;
                for (String line = in.readLine(); !"0".equals(line); line = in.readLine()) {
                    if (line.startsWith("{")) {
                        received.add(line);
                        number++;
                        answer(
                                out,
                                line.contains("bad")
                                        ? "{\"line\":" + number + ",\"status\":\"failed\",\"error\":\"email_taken\"}"
                                        : "{\"line\":" + number + ",\"status\":\"created\",\"id\":\"x\"}");
                        if (number == goesAwayAfter) {
                            return;
                        }
                    }
                }
                answer(out, "{\"done\":true,\"lines\":" + number + "}");
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            } catch (IOException e) {
                heads.add("broken: " + e);
            }
        }

        private static void answer(OutputStream out, String line) throws IOException {
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Path aFileOf(int lines) throws IOException {
        return Files.writeString(
                folder.resolve("users.ndjson"),
                IntStream.rangeClosed(1, lines)
                        .mapToObj(i -> "{\"username\":\"u" + i + "\"}")
                        .collect(Collectors.joining("\n")));
    }

    private static int importing(Answering server, Object file, String... more) {
        String[] arguments = new String[more.length + 4];
        System.arraycopy(
                new String[] {"import", file.toString(), "--url=" + server.url(), "--key=sk_test"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Userstore.run(arguments);
    }

    @Test
    void allLinesAreSentAndNothingIsLeftBehind() throws IOException {
        Path file = aFileOf(5_000);
        try (Answering server = new Answering(0)) {
            assertThat(importing(server, file)).isZero();
            assertThat(server.received).hasSize(5_000).last().isEqualTo("{\"username\":\"u5000\"}");
            assertThat(server.heads).contains("Authorization: Bearer sk_test");
            assertThat(server.heads.getFirst()).contains("/1/users/import?format=userstore");
        }
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void failedLinesAreKeptWithTheirReasonForTheOwnerOnly() throws IOException {
        Path file = Files.writeString(
                folder.resolve("users.ndjson"), "{\"username\":\"a\"}\n{\"username\":\"bad\"}\n{\"username\":\"c\"}\n");
        try (Answering server = new Answering(0)) {
            assertThat(importing(server, file)).isEqualTo(2);
        }
        Path errors = folder.resolve("users.ndjson.errors.ndjson");
        assertThat(Files.readAllLines(errors))
                .containsExactly("{\"line\":2,\"status\":\"failed\",\"error\":\"email_taken\","
                        + "\"input\":\"{\\\"username\\\":\\\"bad\\\"}\"}");
        if (Files.getFileStore(errors).supportsFileAttributeView("posix")) {
            assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(errors)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void anInterruptedImportIsTakenUpBehindTheLastAnswer() throws IOException {
        Path file = aFileOf(4_000);
        try (Answering server = new Answering(1_234)) {
            assertThat(importing(server, file)).isEqualTo(1);
        }
        ImportState state = ImportState.read(file);
        assertThat(state.line()).isBetween(1L, 1_234L);
        try (Answering server = new Answering(0)) {
            assertThat(importing(server, file, "--resume")).isZero();
            assertThat(server.received)
                    .hasSize((int) (4_000 - state.line()))
                    .first()
                    .isEqualTo("{\"username\":\"u" + (state.line() + 1) + "\"}");
        }
        assertThat(ImportState.fileFor(file)).doesNotExist();
    }

    @Test
    void aFileThatHasChangedIsNotTakenUp() throws IOException {
        Path file = aFileOf(10);
        new ImportState(3, 30, 999).write(file);
        try (Answering server = new Answering(0)) {
            assertThat(importing(server, file, "--resume")).isEqualTo(1);
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void whatCannotRunAnswersOne() throws IOException {
        try (Answering server = new Answering(0)) {
            assertThat(importing(server, folder.resolve("absent"))).isEqualTo(1);
            assertThat(importing(server, "-", "--resume")).isEqualTo(1);
            assertThat(importing(server, "-", "--no-such-option")).isEqualTo(1);
        }
        assertThat(Userstore.run("import", aFileOf(1).toString(), "--url=http://127.0.0.1:1", "--key=x"))
                .isEqualTo(1);
        assertThat(Userstore.run("import", aFileOf(1).toString(), "--url=nonsense", "--key=x"))
                .isEqualTo(1);
        assertThat(Userstore.run(new String[0])).isEqualTo(1);
        assertThat(Userstore.run("import", "--help")).isZero();
    }

    @Test
    void progressTellsShareRateAndWhatIsLeft() {
        assertThat(new Progress(System.err, false, "importing", 1_000).text(5_000, 2, 250, 10))
                .isEqualTo("importing  25 %  5,000 lines, 2 failed  500/s  0:30 left");
        assertThat(new Progress(System.err, true, "importing", 1_000).text(5_000, 0, 500, 10))
                .startsWith("importing [###############...............]  50 %");
        assertThat(new Progress(System.err, false, "exporting", 0).text(10, 0, 0, 2))
                .isEqualTo("exporting 10 lines  5/s");
    }
}
