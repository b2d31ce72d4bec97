package io.userstore.query.users;

import com.mongodb.client.model.Filters;
import io.userstore.api.user.Text;
import io.userstore.query.mongo.BsonForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Which users of an application a list is of; what is null does not narrow it.
 *
 * @param group exactly this group
 * @param pending asked to confirm by mail, and has not
 * @param prefix what e-mail address, user name, first or last name begins with, compared like names are
 * @param createdAfter created later than this
 * @param createdBefore created earlier than this
 * @param lastSigninBefore signed in for the last time before this, or never and created before this
 * @param identity linked to this at an OAuth provider
 */
public record UserFilter(
        @Nullable String group,
        @Nullable Boolean active,
        @Nullable Boolean emailVerified,
        @Nullable Boolean pending,
        @Nullable String prefix,
        @Nullable Instant createdAfter,
        @Nullable Instant createdBefore,
        @Nullable Instant lastSigninBefore,
        @Nullable Identity identity) {

    /** Who somebody is at an OAuth provider; compared exactly. */
    public record Identity(String provider, String clientId) {}

    boolean isEmpty() {
        return group == null
                && active == null
                && emailVerified == null
                && pending == null
                && prefix == null
                && createdAfter == null
                && createdBefore == null
                && lastSigninBefore == null
                && identity == null;
    }

    List<Bson> conditions() {
        List<Bson> conditions = new ArrayList<>();
        if (group != null) {
            conditions.add(Filters.eq(UserFields.GROUP, group));
        }
        if (active != null) {
            conditions.add(Filters.eq(UserFields.ACTIVE, active));
        }
        if (emailVerified != null) {
            conditions.add(Filters.eq(UserFields.EMAIL_VERIFIED, emailVerified));
        }
        if (pending != null) {
            // A mail that could not be sent leaves its user pending: it can be sent again.
            conditions.add(
                    pending
                            ? Filters.in(UserFields.CONFIRMATION, UserFields.PENDING, UserFields.FAILED)
                            : Filters.eq(UserFields.CONFIRMATION, null));
        }
        if (prefix != null) {
            conditions.add(beginsWith(Text.key(prefix)));
        }
        if (createdAfter != null) {
            conditions.add(Filters.gt(UserFields.CREATED_AT, BsonForm.time(createdAfter)));
        }
        if (createdBefore != null) {
            conditions.add(Filters.lt(UserFields.CREATED_AT, BsonForm.time(createdBefore)));
        }
        if (lastSigninBefore != null) {
            conditions.add(Filters.lt(UserFields.LAST_SIGNIN, BsonForm.time(lastSigninBefore)));
            // Never signed in counts as 1970; nobody signs in before being created.
            conditions.add(Filters.lt(UserFields.CREATED_AT, BsonForm.time(lastSigninBefore)));
        }
        if (identity != null) {
            conditions.add(Filters.eq(UserFields.LINKS, UserFields.link(identity.provider(), identity.clientId())));
        }
        return conditions;
    }

    /** An anchored expression of literal text, which is a range of an index. */
    private static Bson beginsWith(String key) {
        return Filters.regex(UserFields.SEARCH, "^" + Pattern.quote(key));
    }
}
