package io.userstore.command.publish;

/** Breaks a rule of the architecture on purpose. */
public final class AnswersRequests {
    String method(jakarta.servlet.http.HttpServletRequest request) {
        return request.getMethod();
    }
}
