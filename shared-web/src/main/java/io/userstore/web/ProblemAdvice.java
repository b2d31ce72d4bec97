package io.userstore.web;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns what ends a request early into the answer for it. The last resort; services add their own before it. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    void on(ApiException error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answers.problem(request, response, error);
    }

    @ExceptionHandler
    void on(ClientAbortException gone) {
        LOG.debug("the client went away before its answer", gone);
    }

    /** Handed on to the server, which closes the connection of an answer that has begun. */
    @ExceptionHandler
    void on(BrokenOffException error) {
        throw error;
    }

    @ExceptionHandler
    void on(Exception error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (error instanceof ErrorResponse refused) {
            refused.getHeaders().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
            Answers.problem(
                    request,
                    response,
                    ApiException.of(ofStatus(refused.getStatusCode().value())));
            return;
        }
        LOG.error(
                "a request failed: {} {}", request.getMethod(), error.getClass().getName(), error);
        Answers.problem(request, response, ApiException.of(ErrorCode.INTERNAL_ERROR));
    }

    /** The error that an HTTP status stands for when nothing more is known. */
    static ErrorCode ofStatus(int status) {
        return switch (status) {
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 406 -> ErrorCode.NOT_ACCEPTABLE;
            case 409 -> ErrorCode.CONFLICT;
            case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
            case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> ErrorCode.TOO_MANY_REQUESTS;
            case 503 -> ErrorCode.UNAVAILABLE;
            default -> status < 500 ? ErrorCode.MALFORMED_REQUEST : ErrorCode.INTERNAL_ERROR;
        };
    }
}
