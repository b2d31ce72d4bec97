package io.userstore.query.rest;

import io.userstore.api.consistency.ConsistencyToken;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventStream;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.Readiness;
import io.userstore.query.users.UserReads;
import io.userstore.web.Caller;
import io.userstore.web.Preferences;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
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
    private final UserReads users;
    private final Progress progress;
    private final Map<String, String> progressKeys;

    ReadGate(Readiness readiness, UserReads users, Progress progress, List<Projection> projections) {
        this.readiness = readiness;
        this.users = users;
        this.progress = progress;
        this.progressKeys = projections.stream().collect(Collectors.toMap(Projection::name, Projection::progressKey));
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
     * @throws ApiException when the request has faults, or the read model is not there yet
     */
    void pass(HttpServletRequest request, Caller caller, Model model, Faults faults) {
        ConsistencyToken token = token(request, caller, faults);
        faults.throwIfAny();
        if (!readiness.isReady()) {
            throw ApiException.retryLater(ErrorCode.UNAVAILABLE, "the read models are catching up with the log", 1);
        }
        if (token != null) {
            await(token, model, Preferences.of(request).patience().orElse(PATIENCE));
        }
    }

    /**
     * Waits until a read model has applied a user's version that another shows already.
     *
     * @throws ApiException when it has not within the request's patience
     */
    void awaitVersion(HttpServletRequest request, Caller caller, UUID user, long version, Model model) {
        await(
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

    private void await(ConsistencyToken token, Model model, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        while (!isVisible(token, model)) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw ApiException.retryLater(ErrorCode.NOT_YET_VISIBLE, ErrorCode.NOT_YET_VISIBLE.title(), 1);
            }
            pause(Math.min(pause, left));
            pause = Math.min(pause * 2, LAST_PAUSE_MILLIS);
        }
    }

    private boolean isVisible(ConsistencyToken token, Model model) {
        Optional<UserReads.Standing> standing =
                users.standing(token.application(), token.userId(), token.stream(), token.sequence());
        if (standing.isEmpty() || model == Model.USERS) {
            return standing.isPresent();
        }
        String key = Objects.requireNonNull(progressKeys.get(model.projection), model.projection);
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
