package io.userstore.command.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/** The imports that this instance is carrying out, how far they are, and when they have to end. Thread-safe. */
final class RunningImports implements ApplicationListener<ContextClosedEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RunningImports.class);
    private static final Duration LOG_EVERY = Duration.ofSeconds(10);
    private static final int RETRY_SECONDS = 10;

    private final Queue<Progress> running = new ConcurrentLinkedQueue<>();
    private final Semaphore places;
    private final MeterRegistry metrics;
    private volatile boolean stopping;

    RunningImports(ImportSettings settings, MeterRegistry metrics) {
        this.places = new Semaphore(settings.atOnce());
        this.metrics = metrics;
    }

    /** What is told of an import while it runs. */
    record Shown(
            String id,
            String format,
            boolean dryRun,
            Instant startedAt,
            long line,
            long lines,
            long accepted,
            long failed,
            long linesPerSecond) {}

    /** @throws ApiException 503 when as many are running as may */
    Progress begin(String application, String id, ImportFormat format, boolean dryRun) {
        if (!places.tryAcquire()) {
            throw ApiException.retryLater(
                    ErrorCode.OVERLOADED, "as many imports are running as may at once", RETRY_SECONDS);
        }
        Progress progress = new Progress(application, id, format, dryRun);
        running.add(progress);
        return progress;
    }

    /** Those of one application, the oldest first. */
    List<Shown> of(String application) {
        return running.stream()
                .filter(progress -> progress.application.equals(application))
                .map(Progress::shown)
                .sorted(Comparator.comparing(Shown::startedAt))
                .toList();
    }

    /** Whether imports have to end with the batch in hand. */
    boolean isStopping() {
        return stopping;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        stopping = true;
    }

    /** How far one import has come. Written by the thread that imports, read by any. */
    final class Progress implements AutoCloseable {
        private final String application;
        private final String id;
        private final ImportFormat format;
        private final boolean dryRun;
        private final Instant startedAt = Instant.now();
        private final long started = System.nanoTime();
        private final Counter acceptedLines;
        private final Counter failedLines;
        private long logged = started;
        private volatile long line;
        private volatile long accepted;
        private volatile long failed;

        private Progress(String application, String id, ImportFormat format, boolean dryRun) {
            this.application = application;
            this.id = id;
            this.format = format;
            this.dryRun = dryRun;
            this.acceptedLines = counter(dryRun ? "valid" : "created");
            this.failedLines = counter("failed");
        }

        private Counter counter(String outcome) {
            return Counter.builder("userstore.import.lines")
                    .description("Lines of imports by outcome; valid is that of a dry run")
                    .tag("outcome", outcome)
                    .register(metrics);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        void add(long lastLine, int newlyAccepted, int newlyFailed) {
            line = lastLine;
            accepted += newlyAccepted;
            failed += newlyFailed;
            acceptedLines.increment(newlyAccepted);
            failedLines.increment(newlyFailed);
            if (System.nanoTime() - logged > LOG_EVERY.toNanos()) {
                logged = System.nanoTime();
                log("is at");
            }
        }

        long line() {
            return line;
        }

        long accepted() {
            return accepted;
        }

        long failed() {
            return failed;
        }

        Shown shown() {
            long millis =
                    Math.max(1, Duration.ofNanos(System.nanoTime() - started).toMillis());
            long lines = accepted + failed;
            return new Shown(
                    id, format.text(), dryRun, startedAt, line, lines, accepted, failed, lines * 1_000 / millis);
        }

        private void log(String doing) {
            Shown now = shown();
            LOG.info(
                    "import{} {} line {}: {} accepted, {} failed, {} lines/s",
                    dryRun ? " (dry run)" : "",
                    doing,
                    now.line(),
                    now.accepted(),
                    now.failed(),
                    now.linesPerSecond());
        }

        @Override
        public void close() {
            running.remove(this);
            places.release();
            log("ended at");
        }
    }
}
