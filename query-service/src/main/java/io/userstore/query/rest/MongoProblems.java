package io.userstore.query.rest;

import com.mongodb.MongoClientException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoSocketException;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.web.Answers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Says that MongoDB cannot answer now, where it is that, and else that the fault is ours. */
@RestControllerAdvice(basePackageClasses = MongoProblems.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MongoProblems {
    private static final Logger LOG = LoggerFactory.getLogger(MongoProblems.class);

    /** The label of whatever a server refuses since it has too much to do. */
    private static final String OVERLOADED = "SystemOverloadedError";

    /**
     * What a server answers that stops, has lost its primary or has no time or no room left, as
     * <a href="https://www.mongodb.com/docs/manual/reference/error-codes/">the manual</a> numbers it. The driver has already tried most
     * of them a second time (<a href="https://www.mongodb.com/docs/manual/core/retryable-reads/">retryable reads</a>).
     */
    private static final Set<Integer> PASSING = Set.of(
            6, // HostUnreachable
            7, // HostNotFound
            24, // LockTimeout
            43, // CursorNotFound
            50, // MaxTimeMSExpired
            89, // NetworkTimeout
            91, // ShutdownInProgress
            134, // ReadConcernMajorityNotAvailableYet
            146, // ExceededMemoryLimit
            175, // QueryPlanKilled
            189, // PrimarySteppedDown
            237, // CursorKilled
            262, // ExceededTimeLimit
            9001, // SocketException
            10107, // NotWritablePrimary
            11600, // InterruptedAtShutdown
            11601, // Interrupted
            11602, // InterruptedDueToReplStateChange
            13435, // NotPrimaryNoSecondaryOk
            13436, // NotPrimaryOrSecondary
            14031); // OutOfDiskSpace

    @ExceptionHandler
    void on(MongoException error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isPassing(error)) {
            LOG.warn(
                    "a read failed, MongoDB cannot answer now: {} code {}",
                    error.getClass().getSimpleName(),
                    error.getCode());
            Answers.problem(
                    request,
                    response,
                    ApiException.retryLater(ErrorCode.UNAVAILABLE, "MongoDB cannot answer now, try again", 1));
            return;
        }
        LOG.error("a read failed: {} code {}", error.getClass().getName(), error.getCode());
        Answers.problem(request, response, ApiException.of(ErrorCode.INTERNAL_ERROR));
    }

    private static boolean isPassing(MongoException error) {
        return error instanceof MongoSocketException
                || error instanceof MongoClientException
                || error instanceof MongoInterruptedException
                || error.hasErrorLabel(OVERLOADED)
                || PASSING.contains(error.getCode());
    }
}
