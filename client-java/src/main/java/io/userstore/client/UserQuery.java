package io.userstore.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which users to list, and in which order. Null stands for "whatever".
 *
 * @param q the beginning of an e-mail address, user name, first or last name
 * @param lastSigninBefore dormant users
 * @param provider together with {@code clientId}: the user with that OAuth identity
 * @param sort {@code created_at}, {@code -created_at}, {@code username}, {@code email} or {@code last_signin}
 * @param limit of one page, 1 to 1,000; null for 100
 */
public record UserQuery(
        @Nullable String group,
        @Nullable Boolean active,
        @Nullable Boolean emailVerified,
        @Nullable String q,
        @Nullable Instant createdAfter,
        @Nullable Instant createdBefore,
        @Nullable Instant lastSigninBefore,
        @Nullable String provider,
        @Nullable String clientId,
        @Nullable String sort,
        @Nullable Integer limit,
        @Nullable Long after,
        @Nullable Long before) {
    /** All users in the order of creation. */
    public static final UserQuery ALL =
            new UserQuery(null, null, null, null, null, null, null, null, null, null, null, null, null);

    public UserQuery inGroup(String name) {
        return new UserQuery(
                name,
                active,
                emailVerified,
                q,
                createdAfter,
                createdBefore,
                lastSigninBefore,
                provider,
                clientId,
                sort,
                limit,
                after,
                before);
    }

    public UserQuery active(boolean only) {
        return new UserQuery(
                group,
                only,
                emailVerified,
                q,
                createdAfter,
                createdBefore,
                lastSigninBefore,
                provider,
                clientId,
                sort,
                limit,
                after,
                before);
    }

    public UserQuery beginningWith(String prefix) {
        return new UserQuery(
                group,
                active,
                emailVerified,
                prefix,
                createdAfter,
                createdBefore,
                lastSigninBefore,
                provider,
                clientId,
                sort,
                limit,
                after,
                before);
    }

    public UserQuery sortedBy(String order) {
        return new UserQuery(
                group,
                active,
                emailVerified,
                q,
                createdAfter,
                createdBefore,
                lastSigninBefore,
                provider,
                clientId,
                order,
                limit,
                after,
                before);
    }

    public UserQuery limit(int entries) {
        return new UserQuery(
                group,
                active,
                emailVerified,
                q,
                createdAfter,
                createdBefore,
                lastSigninBefore,
                provider,
                clientId,
                sort,
                entries,
                after,
                before);
    }

    /** The page behind that cursor. */
    public UserQuery after(long cursor) {
        return new UserQuery(
                group,
                active,
                emailVerified,
                q,
                createdAfter,
                createdBefore,
                lastSigninBefore,
                provider,
                clientId,
                sort,
                limit,
                cursor,
                null);
    }

    Request on(Request request) {
        return request.with("group", group)
                .with("active", active)
                .with("email_verified", emailVerified)
                .with("q", q)
                .with("created_after", createdAfter)
                .with("created_before", createdBefore)
                .with("last_signin_before", lastSigninBefore)
                .with("provider", provider)
                .with("client_id", clientId)
                .with("sort", sort)
                .with("limit", limit)
                .with("after", after)
                .with("before", before);
    }

    @Override
    public String toString() {
        return "UserQuery[limit=" + limit + ", after=" + after + ", before=" + before + ", …]";
    }
}
