package io.userstore.api.error;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects every fault of one request, so that the caller is told of all at once. Not thread-safe: one per request.
 */
public final class Faults {
    private final List<FieldFault> found = new ArrayList<>();

    public void add(String field, FieldFault.Kind kind, String message) {
        found.add(new FieldFault(field, kind, message));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Ends a request that has faults.
     *
     * @throws ApiException with {@link ErrorCode#VALIDATION_ERROR} when any fault was added
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw ApiException.validation(found);
        }
    }
}
