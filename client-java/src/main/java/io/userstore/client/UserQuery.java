package io.userstore.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which users to list, and in which order. Each method answers another query, with one thing more that it asks for. Immutable. */
public final class UserQuery {
    /** All users in the order of creation. */
    public static final UserQuery ALL = new UserQuery(Map.of());

    private final Map<String, Object> options;

    private UserQuery(Map<String, Object> options) {
        this.options = options;
    }

    private UserQuery with(String option, @Nullable Object value) {
        Map<String, Object> more = new LinkedHashMap<>(options);
        if (value == null) {
            more.remove(option);
        } else {
            more.put(option, value);
        }
        return new UserQuery(more);
    }

    public UserQuery inGroup(String name) {
        return with("group", name);
    }

    public UserQuery active(boolean only) {
        return with("active", only);
    }

    public UserQuery emailVerified(boolean only) {
        return with("email_verified", only);
    }

    /** Those who have yet to confirm their creation, or who have not. */
    public UserQuery pending(boolean only) {
        return with("pending", only);
    }

    /** Those whose e-mail address, user name, first or last name begins so. */
    public UserQuery beginningWith(String prefix) {
        return with("q", prefix);
    }

    public UserQuery createdAfter(Instant time) {
        return with("created_after", time);
    }

    public UserQuery createdBefore(Instant time) {
        return with("created_before", time);
    }

    /** Dormant users. */
    public UserQuery lastSigninBefore(Instant time) {
        return with("last_signin_before", time);
    }

    /** The user who is linked to that OAuth identity. */
    public UserQuery linkedTo(String provider, String clientId) {
        return with("provider", provider).with("client_id", clientId);
    }

    /** @param order {@code created_at}, {@code -created_at}, {@code username}, {@code email} or {@code last_signin} */
    public UserQuery sortedBy(String order) {
        return with("sort", order);
    }

    /** @param entries of one page, 1 to 1,000; 100 unless this is asked */
    public UserQuery limit(int entries) {
        return with("limit", entries);
    }

    /** The page behind that cursor. */
    public UserQuery after(long cursor) {
        return with("before", null).with("after", cursor);
    }

    /** The page before that cursor. */
    public UserQuery before(long cursor) {
        return with("after", null).with("before", cursor);
    }

    Request on(Request request) {
        Request asked = request;
        for (Map.Entry<String, Object> option : options.entrySet()) {
            asked = asked.with(option.getKey(), option.getValue());
        }
        return asked;
    }

    /** Without what may tell who somebody is. */
    @Override
    public String toString() {
        return "UserQuery" + options.keySet();
    }
}
