package io.userstore.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a list, with where it lies in it. */
public record Page<T>(Paging paging, List<T> data) {
    public Page {
        data = List.copyOf(data);
    }

    /**
     * @param next the next page's address, null at the end
     * @param previous the previous page's, null at the beginning
     * @param after the cursor of the next page
     * @param before the cursor of the previous page
     * @param totalCount all entries, on whatever page
     */
    public record Paging(
            @Nullable String next,
            @Nullable String previous,
            @Nullable Long after,
            @Nullable Long before,
            long totalCount) {}
}
