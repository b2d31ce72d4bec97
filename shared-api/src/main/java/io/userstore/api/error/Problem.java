package io.userstore.api.error;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as it is answered: RFC 9457, and in the same object what the clients of UserStore.io ({@code error},
 * {@code validation_error}) and Coronium ({@code code}) look at.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
@JsonPropertyOrder({"type", "title", "status", "detail", "error", "code", "validation_error", "request_id"})
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String error,
        int code,
        @Nullable List<Fault> validationError,
        @Nullable String requestId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** One fault of a validation error. */
    public record Fault(String field, String code, String message) {}

    /** The answer for an error; {@code requestId} is null where the request got none. */
    public static Problem of(ApiException error, @Nullable String requestId) {
        ErrorCode kind = error.code();
        List<FieldFault> faults = error.faults();
        int code = faults.isEmpty() ? kind.code() : faults.getFirst().kind().code();
        List<Fault> shown = faults.stream()
                .map(fault -> new Fault(fault.field(), fault.kind().text(), fault.message()))
                .toList();
        return new Problem(
                kind.type(),
                kind.title(),
                kind.status(),
                String.valueOf(error.getMessage()),
                kind.error(),
                code,
                shown.isEmpty() ? null : shown,
                requestId);
    }
}
