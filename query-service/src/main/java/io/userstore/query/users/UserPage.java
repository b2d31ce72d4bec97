package io.userstore.query.users;

import io.userstore.api.user.UserResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of users.
 *
 * @param after the cursor that the next page follows on, null when there is none
 * @param afterPlace where that user stands, for {@link UserQuery#place()}; null where the cursor alone tells
 * @param before the cursor that the previous page comes before, null when there is none
 * @param beforePlace likewise
 * @param totalCount all users that the filter lets through, on whatever page
 */
public record UserPage(
        List<UserResource> users,
        @Nullable Long after,
        @Nullable String afterPlace,
        @Nullable Long before,
        @Nullable String beforePlace,
        long totalCount) {
    public UserPage {
        users = List.copyOf(users);
    }
}
