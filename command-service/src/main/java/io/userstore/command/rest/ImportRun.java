package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Problem;
import io.userstore.api.json.Json;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.password.RawPassword;
import io.userstore.command.store.UserImports.Candidate;
import io.userstore.command.store.UserImports.Fate;
import io.userstore.command.user.PasswordHash;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One import: reads a batch of lines, hashes what is to be hashed, stores the batch, answers its results, and only then
 * reads on. So the sender is held back by whatever is slowest, the store or itself as the reader of results, and memory
 * holds one batch whatever the length of the stream. Not thread-safe: one per request.
 */
final class ImportRun {
    /** A pause of the sender ends a batch, once the one before is that long ago. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final LineReader lines;
    private final OutputStream out;
    private final ImportFormat format;
    private final String application;
    private final PasswordSettings policy;
    private final PasswordHashing passwords;
    private final Destination destination;
    private final RunningImports.Progress progress;
    private final boolean dryRun;
    private final int batchSize;

    /** Where the users of an import go. */
    interface Destination {
        /** Stores a batch and tells what came of each user in it. */
        List<Fate> importAll(List<Candidate> batch);

        /** Waits, within bounds, until reads show all users that were stored; false when they do not yet. */
        boolean awaitVisible();
    }

    /** @param dryRun whether {@code destination} only tells; passwords are not hashed then */
    ImportRun(
            LineReader lines,
            OutputStream out,
            ImportFormat format,
            String application,
            PasswordSettings policy,
            PasswordHashing passwords,
            Destination destination,
            RunningImports.Progress progress,
            boolean dryRun,
            int batchSize) {
        this.lines = lines;
        this.out = out;
        this.format = format;
        this.application = application;
        this.policy = policy;
        this.passwords = passwords;
        this.destination = destination;
        this.progress = progress;
        this.dryRun = dryRun;
        this.batchSize = batchSize;
    }

    /** The answer to one line. */
    private record Result(
            long line,
            String status,
            @Nullable String id,
            @Nullable String error,
            @Nullable Integer code,
            @Nullable String detail,
            @Nullable List<Problem.Fault> validationError) {
        static Result accepted(long line, String status, @Nullable String id) {
            return new Result(line, status, id, null, null, null, null);
        }

        static Result failed(long line, ApiException fault) {
            Problem problem = Problem.of(fault, null);
            return new Result(
                    line, "failed", null, problem.error(), problem.code(), problem.detail(), problem.validationError());
        }
    }

    /**
     * The last line of an answer. {@code valid} stands for {@code created} in a dry run; {@code projection} is {@code pending} when
     * reads do not show all users yet; the error says why it ended early.
     */
    private record Summary(
            boolean done,
            @Nullable Boolean dryRun,
            long lines,
            long created,
            @Nullable Long valid,
            long failed,
            @Nullable String projection,
            @Nullable String error,
            @Nullable Integer code,
            @Nullable String detail,
            @Nullable Long fromLine) {}

    /** Imports to the end of the stream, or until {@code stopping}. */
    void run(RunningImports imports) throws IOException {
        List<ImportLine> batch = new ArrayList<>(batchSize);
        long settled = System.nanoTime() - PAUSE.toNanos();
        while (!imports.isStopping()) {
            LineReader.Line line = next(batch);
            if (line == null) {
                settle(batch);
                write(summary(null, destination.awaitVisible() ? null : "pending"));
                return;
            }
            if (!line.isBlank()) {
                batch.add(ImportLine.parse(line, format, application, policy, Instant.now()));
            }
            boolean paused = System.nanoTime() - settled > PAUSE.toNanos() && !lines.isMoreAtHand();
            if (batch.size() == batchSize || paused) {
                settle(batch);
                settled = System.nanoTime();
            }
        }
        settle(batch);
        write(summary(ApiException.of(ErrorCode.UNAVAILABLE, "the service is stopping"), null));
    }

    /** What has arrived of a sender who then goes away is imported all the same. */
    private LineReader.@Nullable Line next(List<ImportLine> batch) throws IOException {
        try {
            return lines.next();
        } catch (IOException e) {
            settle(batch);
            throw e;
        }
    }

    /** The last line for an import that cannot go on. */
    void breakOff(RuntimeException error) throws IOException {
        write(summary(Refusals.ofBroken(error), null));
    }

    private Summary summary(@Nullable ApiException fault, @Nullable String projection) {
        return new Summary(
                fault == null,
                dryRun ? true : null,
                progress.accepted() + progress.failed(),
                dryRun ? 0 : progress.accepted(),
                dryRun ? progress.accepted() : null,
                progress.failed(),
                projection,
                fault == null ? null : fault.code().error(),
                fault == null ? null : fault.code().code(),
                fault == null ? null : fault.getMessage(),
                fault == null ? null : progress.line() + 1);
    }

    private void settle(List<ImportLine> batch) throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        List<Result> results = results(dryRun ? batch : hashed(batch));
        int failed =
                (int) results.stream().filter(result -> result.error() != null).count();
        progress.add(batch.getLast().number(), results.size() - failed, failed);
        batch.clear();
        for (Result result : results) {
            out.write(Json.MAPPER.writeValueAsBytes(result));
            out.write('\n');
        }
        out.flush();
    }

    private List<ImportLine> hashed(List<ImportLine> batch) {
        List<RawPassword> raw = batch.stream()
                .map(ImportLine::password)
                .filter(Objects::nonNull)
                .toList();
        if (raw.isEmpty()) {
            return batch;
        }
        Iterator<PasswordHash> hashes = passwords.hashPatiently(raw).iterator();
        return batch.stream()
                .map(line -> line.password() == null ? line : line.hashed(hashes.next()))
                .toList();
    }

    private List<Result> results(List<ImportLine> batch) {
        List<Candidate> candidates = batch.stream()
                .map(ImportLine::candidate)
                .filter(Objects::nonNull)
                .toList();
        Iterator<Fate> fates = candidates.isEmpty()
                ? List.<Fate>of().iterator()
                : destination.importAll(candidates).iterator();
        return batch.stream().map(line -> result(line, fates)).toList();
    }

    private Result result(ImportLine line, Iterator<Fate> fates) {
        Candidate candidate = line.candidate();
        ApiException fault = line.fault();
        if (candidate == null || fault != null) {
            return Result.failed(line.number(), Objects.requireNonNull(fault));
        }
        Fate fate = fates.next();
        if (fate != Fate.IMPORTED) {
            return Result.failed(line.number(), Refusals.of(fate));
        }
        return dryRun
                ? Result.accepted(line.number(), "valid", null)
                : Result.accepted(line.number(), "created", candidate.user().userId());
    }

    private void write(Summary summary) throws IOException {
        out.write(Json.MAPPER.writeValueAsBytes(summary));
        out.write('\n');
        out.flush();
    }
}
