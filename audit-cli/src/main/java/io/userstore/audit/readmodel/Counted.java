package io.userstore.audit.readmodel;

import io.userstore.audit.fold.UserView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a user counts in the totals.
 *
 * @param exists false for one who is not there yet or any more, who counts as nothing
 */
record Counted(boolean exists, @Nullable String group, boolean active, boolean verified, boolean pending) {
    private static final Counted NOBODY = new Counted(false, null, false, false, false);

    static Counted of(FoldedUser user) {
        UserView view = user.view();
        if (user.isDeleted() || view.field("is_active") == null) {
            return NOBODY;
        }
        return new Counted(
                true,
                view.field("group") instanceof String group ? group : null,
                Boolean.TRUE.equals(view.field("is_active")),
                Boolean.TRUE.equals(view.field("is_email_verified")),
                view.field("confirmation") != null);
    }

    /** By name: 1 for what the user counts as, and 0. */
    Map<String, Long> ones() {
        Map<String, Long> ones = new LinkedHashMap<>();
        ones.put("users", exists ? 1L : 0);
        ones.put("active", active ? 1L : 0);
        ones.put("verified", verified ? 1L : 0);
        ones.put("pending", pending ? 1L : 0);
        return ones;
    }
}
