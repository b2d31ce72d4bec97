package io.userstore.client;

import io.userstore.api.error.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that did not succeed. Messages quote nothing personal or secret. */
public abstract sealed class UserStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private UserStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * No answer came, or none that can be read. Whether a write was made is not known: repeat it with an
     * {@link WriteOptions#idempotencyKey()}.
     */
    public static final class NoAnswer extends UserStoreException {
        private static final long serialVersionUID = 1L;

        NoAnswer(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The server refused the request and says why. */
    public static non-sealed class Refused extends UserStoreException {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        Refused(Problem problem) {
            super(
                    problem.status() + " " + problem.error() + ": " + problem.detail()
                            + (problem.requestId() == null ? "" : " (request " + problem.requestId() + ")"),
                    null);
            this.problem = problem;
        }

        /** Everything that the answer says. */
        public Problem problem() {
            return problem;
        }

        /** The HTTP status. */
        public int status() {
            return problem.status();
        }

        /** The error's name, for example {@code email_taken}. */
        public String error() {
            return problem.error();
        }

        /** Coronium's number. */
        public int code() {
            return problem.code();
        }

        /** To be told to the operator; null when the answer did not come from the user store. */
        public @Nullable String requestId() {
            return problem.requestId();
        }
    }

    /** 400: see {@link #faults()}. */
    public static final class Invalid extends Refused {
        private static final long serialVersionUID = 1L;

        Invalid(Problem problem) {
            super(problem);
        }

        /** What is wrong with which field, all at once; empty when the request could not even be read. */
        public List<Problem.Fault> faults() {
            List<Problem.Fault> faults = problem().validationError();
            return faults == null ? List.of() : List.copyOf(faults);
        }
    }

    /** 401 because of the user's password or name, not the key. */
    public static final class InvalidCredentials extends Refused {
        private static final long serialVersionUID = 1L;

        InvalidCredentials(Problem problem) {
            super(problem);
        }
    }

    /** 401, 403: the key is none, or does not permit this. */
    public static final class NotPermitted extends Refused {
        private static final long serialVersionUID = 1L;

        NotPermitted(Problem problem) {
            super(problem);
        }
    }

    /** 404, 410: no such user, link, code, or it is not valid any more. */
    public static final class NotFound extends Refused {
        private static final long serialVersionUID = 1L;

        NotFound(Problem problem) {
            super(problem);
        }
    }

    /** 409, 422: somebody else has the name, the address or the identity, or the same key names another request. */
    public static final class Conflict extends Refused {
        private static final long serialVersionUID = 1L;

        Conflict(Problem problem) {
            super(problem);
        }
    }

    /** 412: the user has another version than {@link WriteOptions#ifMatch()}. */
    public static final class StaleVersion extends Refused {
        private static final long serialVersionUID = 1L;

        StaleVersion(Problem problem) {
            super(problem);
        }
    }

    /** 429, 503: may well succeed later. The write was not made. */
    public static final class TryLater extends Refused {
        private static final long serialVersionUID = 1L;

        private final @Nullable Duration retryAfter;

        TryLater(Problem problem, @Nullable Duration retryAfter) {
            super(problem);
            this.retryAfter = retryAfter;
        }

        /** How long to wait before; empty when the server does not say. */
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }

    static Refused of(Problem problem, @Nullable Duration retryAfter) {
        return switch (problem.status()) {
            case 400 -> new Invalid(problem);
            case 401 ->
                problem.error().equals("invalid_credentials")
                        ? new InvalidCredentials(problem)
                        : new NotPermitted(problem);
            case 403 -> new NotPermitted(problem);
            case 404, 410 -> new NotFound(problem);
            case 409, 422 -> new Conflict(problem);
            case 412 -> new StaleVersion(problem);
            case 429, 503 -> new TryLater(problem, retryAfter);
            default -> new Refused(problem);
        };
    }
}
