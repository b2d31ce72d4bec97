package io.userstore.cli;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code userstore export}. */
@Command(
        name = "export",
        exitCodeOnInvalidInput = Userstore.COULD_NOT_RUN,
        description = "Exports the users of a running user store, one JSON object per line, the oldest first.",
        footerHeading = "%n",
        footer = {
            "A line is the user object and its cursor. Neither passwords nor hashes are exported. A new FILE is readable by its",
            "owner only. An export that breaks off goes on by itself; when it cannot, --after=CURSOR with the cursor of the last",
            "line goes on behind it and adds to FILE.",
            "",
            "Exit code: 0 all users were exported; 1 could not run to the end."
        })
final class ExportCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Where to; standard output when none is given.")
    private @Nullable Path file;

    @Mixin
    private final Server server = new Server();

    @Option(names = "--after", paramLabel = "CURSOR", description = "Only users behind that cursor; adds to FILE.")
    private long after;

    private long users;
    private long cursor;

    @Override
    public Integer call() throws IOException, InterruptedException {
        cursor = after;
        Progress progress = Progress.onStandardError("exporting", 0);
        try (OutputStream out = open();
                HttpClient http = HttpClient.newBuilder()
                        .connectTimeout(Duration.ofSeconds(10))
                        .build()) {
            for (int attempt = 1; !exportBehindCursor(http, out, progress, attempt); attempt++) {
                Thread.sleep(PAUSE);
            }
        }
        progress.end(String.format(
                Locale.ROOT,
                "exported %,d users in %.1f s (%,.0f/s)",
                users,
                progress.seconds(),
                users / Math.max(0.001, progress.seconds())));
        return Userstore.ALL;
    }

    private OutputStream open() throws IOException {
        if (file == null) {
            return new BufferedOutputStream(System.out);
        }
        OwnersFile.makeIfMissing(file);
        StandardOpenOption how = after > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        return new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.WRITE, how), 64 * 1024);
    }

    /** Whether the export has come to its end; false to be called again. */
    private boolean exportBehindCursor(HttpClient http, OutputStream out, Progress progress, int attempt)
            throws IOException, InterruptedException {
        long before = cursor;
        URI uri = server.at("/1/users/export?after=" + cursor);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", server.authorization())
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw Server.refused(
                            response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
                }
                copy(body, out, progress);
                return true;
            }
        } catch (ReadFailedException | java.net.ConnectException e) {
            if (attempt >= ATTEMPTS && cursor == before) {
                throw new CommandFailedException(
                        "the export was broken off; --after=" + cursor + " goes on: " + e.getMessage());
            }
            return false;
        }
    }

    private void copy(InputStream body, OutputStream out, Progress progress) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        for (String line = next(lines); line != null; line = next(lines)) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            cursor = JsonMapper.shared().readTree(line).path("cursor").asLong();
            users++;
            progress.show(users, 0, 0);
        }
        out.flush();
    }

    private static @Nullable String next(BufferedReader lines) throws ReadFailedException {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new ReadFailedException(e);
        }
    }

    /** The server's side failed, where trying again may help; what fails on ours (a full disk) would fail again. */
    private static final class ReadFailedException extends IOException {
        private static final long serialVersionUID = 1L;

        ReadFailedException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
