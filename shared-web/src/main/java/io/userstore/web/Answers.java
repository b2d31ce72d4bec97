package io.userstore.web;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Problem;
import io.userstore.api.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes answers: JSON in one piece with its length, and errors in the one shape that errors have. */
public final class Answers {
    private Answers() {}

    /** Answers an object as JSON. */
    public static void json(HttpServletResponse response, int status, Object body) throws IOException {
        write(response, status, "application/json", Json.MAPPER.writeValueAsBytes(body));
    }

    /** Answers bytes that are a body already. */
    public static void write(HttpServletResponse response, int status, String contentType, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Answers an error, unless an answer has already begun. */
    public static void problem(HttpServletRequest request, HttpServletResponse response, ApiException error)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        if (error.code() == ErrorCode.UNAUTHORIZED) {
            response.addHeader("WWW-Authenticate", "Basic realm=\"userstore\", charset=\"UTF-8\"");
            response.addHeader("WWW-Authenticate", "Bearer realm=\"userstore\"");
        }
        if (error.retryAfterSeconds() > 0) {
            response.setIntHeader("Retry-After", error.retryAfterSeconds());
        }
        response.setHeader("Cache-Control", "no-store");
        byte[] body = Json.MAPPER.writeValueAsBytes(Problem.of(error, requestId(request)));
        write(response, error.code().status(), Problem.MEDIA_TYPE, body);
    }

    private static @Nullable String requestId(HttpServletRequest request) {
        return request.getAttribute(EdgeFilter.REQUEST_ID) instanceof String id ? id : null;
    }
}
