package io.userstore.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's main process on a cluster directory, as its {@code postmaster.pid} tells of it. It outlives a JVM that was
 * killed, and would keep the next one from starting.
 */
final class Postmaster {

    private static final Logger log = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration ORDERLY_STOP = Duration.ofSeconds(5);
    private static final Duration FORCED_STOP = Duration.ofSeconds(10);

    private final Path cluster;

    Postmaster(Path cluster) {
        this.cluster = cluster;
    }

    /**
     * Stops the process if it runs, and forgets a {@code postmaster.pid} that tells of none. The caller must hold the
     * directory's lock: then nobody alive can want that process.
     *
     * @throws IOException if the file cannot be read or the process does not stop
     */
    void stopIfLeftBehind() throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (Files.notExists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> process =
                pid(pidFile).flatMap(ProcessHandle::of).filter(this::isPostgresOnThisCluster);
        if (process.isPresent()) {
            log.warn(
                    "stopping the PostgreSQL server {} that a killed process left behind",
                    process.get().pid());
            stop(process.get());
        }
        // PostgreSQL itself refuses to start as long as the number in it is that of any process of the same user.
        Files.deleteIfExists(pidFile);
    }

    private static Optional<Long> pid(Path pidFile) throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(lines.getFirst().strip()));
    }

    /** The number may have gone to another process since. Where the system hides arguments, the program's name decides. */
    private boolean isPostgresOnThisCluster(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        boolean isPostgres = info.command()
                .map(command -> Path.of(command).getFileName().toString())
                .filter(name -> name.equals("postgres") || name.equals("postgres.exe"))
                .isPresent();
        boolean isOurs = info.arguments()
                .map(arguments -> List.of(arguments).contains(cluster.toString()))
                .orElse(true);
        return isPostgres && isOurs;
    }

    /** A smart shutdown waits for clients to leave; one that does not end in time is cut short, which the log recovers from. */
    private static void stop(ProcessHandle postmaster) throws IOException {
        List<ProcessHandle> backends = postmaster.descendants().toList();
        postmaster.destroy();
        if (endsWithin(ORDERLY_STOP, Stream.of(postmaster))) {
            return;
        }
        postmaster.destroyForcibly();
        if (!endsWithin(FORCED_STOP, Stream.concat(Stream.of(postmaster), backends.stream()))) {
            throw new IOException("the PostgreSQL server " + postmaster.pid() + " left behind does not stop");
        }
    }

    private static boolean endsWithin(Duration limit, Stream<ProcessHandle> processes) throws IOException {
        CompletableFuture<?>[] ends = processes.map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException("cannot wait for the PostgreSQL server left behind", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a PostgreSQL server left behind was being stopped", e);
        }
    }
}
