package io.userstore.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code userstore import}. */
@Command(
        name = "import",
        exitCodeOnInvalidInput = Userstore.COULD_NOT_RUN,
        description = "Imports users into a running user store, with the password hashes of the system they come from.",
        footerHeading = "%nLines:%n",
        footer = {
            "  userstore  the fields of POST /1/users; in place of password a password_hash ({bcrypt}, {argon2}, {pbkdf2},",
            "             {scrypt}, $2a$…, $argon2…, $pbkdf2-sha256$…); and id, created_at, is_email_verified.",
            "             {\"email\":\"john@example.com\",\"password_hash\":\"$2a$10$…\"}",
            "  keycloak   users of a realm's export:  jq -c '.users[]' realm.json | userstore import --format=keycloak -",
            "  auth0      users as Auth0 takes and gives them in bulk, one per line",
            "",
            "A line that fails aborts nothing: it is written, with the reason, to FILE.errors.ndjson. Begin with --dry-run.",
            "After an interruption --resume goes on behind the last line that was answered; lines that had arrived",
            "without an answer then fail as taken, since they are there.",
            "",
            "Exit code: 0 all lines were imported; 1 could not run to the end; 2 some lines failed."
        })
final class ImportCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    /** Lines that are on their way: enough that the server never waits, few enough to keep. */
    private static final int WINDOW = 2_000;

    private static final int ANSWERS_PER_STATE = 100;

    @Parameters(paramLabel = "FILE", description = "One user per line, as JSON; - is standard input.")
    private String file = "";

    @Mixin
    private final Server server = new Server();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "userstore",
            description = "What the lines look like: userstore, keycloak or auth0 (default: ${DEFAULT-VALUE}).")
    private String format = "";

    @Option(names = "--dry-run", description = "Checks everything, also whether names are taken, and writes nothing.")
    private boolean dryRun;

    @Option(names = "--resume", description = "Goes on where the import of FILE was interrupted.")
    private boolean resume;

    private final Semaphore window = new Semaphore(WINDOW);
    private final Queue<InputLines.Line> unanswered = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable IOException> unreadable = new AtomicReference<>();
    private long answered;
    private long failed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean standardInput = file.equals(STANDARD_INPUT);
        if (resume && (standardInput || dryRun)) {
            throw new CommandFailedException("--resume goes with neither standard input nor --dry-run");
        }
        Path path = Path.of(standardInput ? "stdin" : file);
        if (!standardInput && !Files.isReadable(path)) {
            throw new CommandFailedException("cannot read " + path);
        }
        boolean keepsState = !standardInput && !dryRun;
        long size = standardInput ? 0 : Files.size(path);
        ImportState from = resume ? ImportState.read(path) : ImportState.atTheBeginning(size);
        Path errors = path.resolveSibling(path.getFileName() + ".errors.ndjson");
        try (InputLines lines = open(path, standardInput, from);
                FailedLines failures = new FailedLines(errors, from.line() > 0);
                ImportExchange exchange = connect()) {
            Thread sender = Thread.ofPlatform().daemon().name("sender").start(() -> send(lines, exchange));
            exchange(exchange, from, failures, keepsState ? path : null, size);
            sender.join();
        }
        if (keepsState) {
            Files.deleteIfExists(ImportState.fileFor(path));
        }
        return failed == 0 ? Userstore.ALL : Userstore.SOME_FAILED;
    }

    private static InputLines open(Path path, boolean standardInput, ImportState from) throws IOException {
        if (standardInput) {
            return new InputLines(System.in, 0, 0);
        }
        FileInputStream in = new FileInputStream(path.toFile());
        in.getChannel().position(from.offset());
        return new InputLines(in, from.line(), from.offset());
    }

    private ImportExchange connect() throws IOException {
        if (!format.matches("[a-z0-9]{1,20}")) {
            throw new CommandFailedException("--format must be userstore, keycloak or auth0");
        }
        URI uri = server.at("/1/users/import?format=" + format + (dryRun ? "&dry_run=true" : ""));
        String authorization = server.authorization();
        try {
            return ImportExchange.begin(uri, authorization);
        } catch (IOException e) {
            throw new CommandFailedException("cannot reach " + uri.resolve("/") + ": " + e.getMessage());
        }
    }

    private void send(InputLines lines, ImportExchange exchange) {
        try {
            for (InputLines.Line line = next(lines); line != null; line = next(lines)) {
                if (!line.isBlank()) {
                    if (!window.tryAcquire()) {
                        exchange.flush();
                        window.acquire();
                    }
                    unanswered.add(line);
                }
                exchange.send(line.bytes());
                if (!lines.isMoreAtHand()) {
                    exchange.flush();
                }
            }
            if (unreadable.get() == null) {
                exchange.end();
            } else {
                exchange.close();
            }
        } catch (IOException e) {
            // The server has ended the exchange; why, it says in its answer, which the other thread reads.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private InputLines.@Nullable Line next(InputLines lines) {
        try {
            return lines.next();
        } catch (IOException e) {
            unreadable.set(e);
            return null;
        }
    }

    private void exchange(
            ImportExchange exchange, ImportState from, FailedLines failures, @Nullable Path stateOf, long size)
            throws IOException {
        Progress progress = Progress.onStandardError(dryRun ? "checking" : "importing", size - from.offset());
        ImportState state = from;
        try {
            int status = exchange.status();
            if (status != 200) {
                throw Server.refused(status, String.valueOf(exchange.readLine()));
            }
            for (String text = exchange.readLine(); text != null; text = exchange.readLine()) {
                JsonNode result = JsonMapper.shared().readTree(text);
                if (result.has("done")) {
                    end(result, progress, failures);
                    return;
                }
                state = take(result, from, failures);
                if (stateOf != null && answered % ANSWERS_PER_STATE == 0) {
                    state.write(stateOf);
                }
                progress.show(answered, failed, state.offset() - from.offset());
            }
            throw new IOException("the answer ended before its last line");
        } catch (IOException e) {
            IOException input = unreadable.get();
            throw new CommandFailedException(
                    (input == null ? "the import was broken off" : file + " cannot be read on") + " behind line "
                            + state.line() + ": " + (input == null ? e : input).getMessage() + advice(stateOf));
        } finally {
            if (stateOf != null && state.line() > 0) {
                state.write(stateOf);
            }
        }
    }

    private static String advice(@Nullable Path stateOf) {
        return stateOf == null ? "" : ". Take it up with --resume.";
    }

    /** Takes one result, and answers how far the import has come with it. */
    private ImportState take(JsonNode result, ImportState from, FailedLines failures) throws IOException {
        long number = from.line() + result.path("line").asLong();
        InputLines.Line line = unanswered.poll();
        if (line == null || line.number() != number) {
            throw new IOException("the server answers to a line that was not sent");
        }
        window.release();
        answered++;
        if (result.path("status").asString("").equals("failed")) {
            failed++;
            failures.add(result, number, line.bytes());
        }
        return new ImportState(number, line.end(), from.size());
    }

    private void end(JsonNode summary, Progress progress, FailedLines failures) throws IOException {
        if (!summary.path("done").asBoolean()) {
            throw new IOException(summary.path("detail").asString("the server gave up"));
        }
        String text = String.format(
                Locale.ROOT,
                "%s %,d of %,d users in %.1f s (%,.0f/s)",
                dryRun ? "could import" : "imported",
                answered - failed,
                answered,
                progress.seconds(),
                answered / Math.max(0.001, progress.seconds()));
        progress.end(
                failed == 0
                        ? text
                        : text
                                + String.format(
                                        Locale.ROOT,
                                        "; %,d failed, see %s",
                                        failed,
                                        Objects.requireNonNull(failures.file())));
    }
}
