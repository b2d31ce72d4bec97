package io.userstore.query.users;

import io.userstore.api.user.UserResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of users.
 *
 * @param after the cursor that the next page follows on, null when there is none
 * @param before the cursor that the previous page comes before, null when there is none
 * @param totalCount all users that the filter lets through, on whatever page
 */
public record UserPage(
        List<UserResource> users,
        @Nullable Long after,
        @Nullable Long before,
        long totalCount) {
    public UserPage {
        users = List.copyOf(users);
    }
}
