package io.userstore.query.rest;

import com.mongodb.MongoClientException;
import com.mongodb.MongoException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.web.Answers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Says that MongoDB is away, where it is that. */
@RestControllerAdvice(basePackageClasses = MongoProblems.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MongoProblems {
    private static final Logger LOG = LoggerFactory.getLogger(MongoProblems.class);

    @ExceptionHandler
    void on(MongoException error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isAway(error)) {
            LOG.warn("a read failed, MongoDB is away: {}", error.getClass().getSimpleName());
            Answers.problem(
                    request, response, ApiException.retryLater(ErrorCode.UNAVAILABLE, "MongoDB is away, try again", 1));
            return;
        }
        LOG.error("a read failed: {} code {}", error.getClass().getName(), error.getCode());
        Answers.problem(request, response, ApiException.of(ErrorCode.INTERNAL_ERROR));
    }

    private static boolean isAway(MongoException error) {
        return error instanceof MongoSocketException
                || error instanceof MongoClientException
                || error instanceof MongoServerUnavailableException
                || error instanceof MongoNotPrimaryException
                || error instanceof MongoNodeIsRecoveringException;
    }
}
