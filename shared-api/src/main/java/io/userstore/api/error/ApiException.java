package io.userstore.api.error;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Ends a request with an error that the caller is told of. Only the edge (the packages named {@code rest} and
 * {@code web}) throws and catches it; inside, a refusal is a value. Has no stack trace: it is an answer, not a defect.
 */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<FieldFault> faults;
    private final int retryAfterSeconds;

    private ApiException(ErrorCode code, String detail, List<FieldFault> faults, int retryAfterSeconds) {
        super(detail, null, false, false);
        this.code = code;
        this.faults = List.copyOf(faults);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** @param detail for people; quotes nothing personal or secret */
    public static ApiException of(ErrorCode code, String detail) {
        return new ApiException(code, detail, List.of(), 0);
    }

    public static ApiException of(ErrorCode code) {
        return of(code, code.title());
    }

    /** An error that may pass by itself; answered with {@code Retry-After}. */
    public static ApiException retryLater(ErrorCode code, String detail, int retryAfterSeconds) {
        return new ApiException(code, detail, List.of(), retryAfterSeconds);
    }

    /** @param faults at least one */
    public static ApiException validation(List<FieldFault> faults) {
        String detail = faults.stream().map(f -> f.field() + ": " + f.message()).collect(Collectors.joining("; "));
        return new ApiException(ErrorCode.VALIDATION_ERROR, detail, faults, 0);
    }

    public ErrorCode code() {
        return code;
    }

    /** The faults of a validation error, else empty. */
    public List<FieldFault> faults() {
        return faults == null ? List.of() : faults;
    }

    /** Seconds for {@code Retry-After}, or 0 for none. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
