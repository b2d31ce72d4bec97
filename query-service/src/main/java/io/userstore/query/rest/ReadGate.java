package io.userstore.query.rest;

import io.userstore.api.consistency.ConsistencyToken;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventStream;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.Readiness;
import io.userstore.query.projection.Served;
import io.userstore.query.projection.Serving;
import io.userstore.query.users.UserReads;
import io.userstore.web.Caller;
import io.userstore.web.Preferences;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What every read passes: not before the projections have caught up, and not before the write is visible that the
 * caller's token names. Thread-safe.
 */
final class ReadGate {
    private static final String HEADER = "Consistency-Token";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LAST_PAUSE_MILLIS = 20;

    private final Readiness readiness;
    private final Served<UserReads> users;
    private final Progress progress;
    private final Generations generations;
    private final Semaphore waiting;

    /** @param mostWaiting how many reads wait at the same time at most, so that threads are left for those that need not; positive */
    ReadGate(
            Readiness readiness, Served<UserReads> users, Progress progress, Generations generations, int mostWaiting) {
        this.waiting = new Semaphore(mostWaiting);
        this.readiness = readiness;
        this.users = users;
        this.progress = progress;
        this.generations = generations;
    }

    /** The read models, by the names of their projections. */
    enum Model {
        USERS("users"),
        STATISTICS("statistics"),
        ACTIVITY("activity");

        private final String projection;

        Model(String projection) {
            this.projection = projection;
        }
    }

    /**
     * Lets a read through, perhaps after a while.
     *
     * @param faults of the request so far; a token that cannot be read is one more
     * @return what the read is to look at, in which the write is visible; a switch meanwhile does not count for it
     * @throws ApiException when the request has faults, or the read model is not there yet
     */
    Serving pass(HttpServletRequest request, Caller caller, Model model, Faults faults) {
        ConsistencyToken token = token(request, caller, faults);
        faults.throwIfAny();
        if (!readiness.isReady()) {
            throw ApiException.retryLater(ErrorCode.UNAVAILABLE, "the read models are catching up with the log", 1);
        }
        return token == null
                ? generations.serving()
                : await(token, model, Preferences.of(request).patience().orElse(PATIENCE));
    }

    /**
     * Waits until a read model has applied a user's version that another shows already.
     *
     * @return what the read is to look at
     * @throws ApiException when it has not within the request's patience
     */
    Serving awaitVersion(HttpServletRequest request, Caller caller, UUID user, long version, Model model) {
        return await(
                new ConsistencyToken(caller.application(), user, EventStream.USER, version),
                model,
                Preferences.of(request).patience().orElse(PATIENCE));
    }

    private static @Nullable ConsistencyToken token(HttpServletRequest request, Caller caller, Faults faults) {
        String header = request.getHeader(HEADER);
        if (header == null) {
            return null;
        }
        Optional<ConsistencyToken> token = ConsistencyToken.parse(header.strip())
                .filter(parsed -> parsed.application().equals(caller.application()));
        if (token.isEmpty()) {
            faults.add(HEADER, Kind.INVALID, "not a token of this application");
        }
        return token.orElse(null);
    }

    /** Who waits while another generation comes to be read waits for that one then. */
    private Serving await(ConsistencyToken token, Model model, Duration patience) {
        Serving serving = generations.serving();
        if (isVisible(token, model, serving)) {
            return serving;
        }
        if (!waiting.tryAcquire()) {
            throw notYetVisible();
        }
        try {
            return awaitFor(token, model, patience);
        } finally {
            waiting.release();
        }
    }

    private Serving awaitFor(ConsistencyToken token, Model model, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw notYetVisible();
            }
            pause(Math.min(pause, left));
            pause = Math.min(pause * 2, LAST_PAUSE_MILLIS);
            Serving serving = generations.serving();
            if (isVisible(token, model, serving)) {
                return serving;
            }
        }
    }

    private static ApiException notYetVisible() {
        return ApiException.retryLater(ErrorCode.NOT_YET_VISIBLE, ErrorCode.NOT_YET_VISIBLE.title(), 1);
    }

    private boolean isVisible(ConsistencyToken token, Model model, Serving serving) {
        Optional<UserReads.Standing> standing =
                users.in(serving).standing(token.application(), token.userId(), token.stream(), token.sequence());
        if (standing.isEmpty() || model == Model.USERS) {
            return standing.isPresent();
        }
        String key = serving.of(model.projection).key();
        return progress.last(List.of(key), standing.get().partition()).orElse(-1)
                >= standing.get().offset();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.retryLater(ErrorCode.UNAVAILABLE, "the service is stopping", 1);
        }
    }
}
