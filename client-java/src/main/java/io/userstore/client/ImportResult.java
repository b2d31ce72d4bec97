package io.userstore.client;

import io.userstore.api.error.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one line of an import.
 *
 * @param line from 1, across all that was given
 * @param status {@code created} or {@code failed}
 * @param id of the user; null when it failed
 * @param error as in {@link Problem}; null when it did not fail, like all that follows
 */
public record ImportResult(
        long line,
        String status,
        @Nullable String id,
        @Nullable String error,
        @Nullable Integer code,
        @Nullable String detail,
        List<Problem.Fault> validationError) {
    public ImportResult {
        validationError = List.copyOf(validationError);
    }

    public boolean failed() {
        return error != null;
    }

    ImportResult behind(long lines) {
        return new ImportResult(line + lines, status, id, error, code, detail, validationError);
    }
}
