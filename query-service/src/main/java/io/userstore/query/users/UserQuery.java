package io.userstore.query.users;

import org.jspecify.annotations.Nullable;

/**
 * Asks for one page of an application's users.
 *
 * @param limit most users on the page, from 1
 * @param after the cursor of the user that the page follows on; not together with {@code before}
 * @param before the cursor of the user that the page comes just before
 * @param place where the cursor's user stood in the order, as a page has told it; without it, where that user stands now
 */
public record UserQuery(
        String application,
        UserFilter filter,
        UserOrder order,
        int limit,
        @Nullable Long after,
        @Nullable Long before,
        @Nullable String place) {}
