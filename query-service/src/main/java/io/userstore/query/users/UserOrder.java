package io.userstore.query.users;

import static io.userstore.query.mongo.BsonForm.number;
import static io.userstore.query.mongo.BsonForm.time;

import java.util.function.Function;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The orders that users can be listed in. Every order ends in the order of creation, which is unique. Users without
 * the value that they are ordered by come first.
 */
public enum UserOrder {
    CREATED_AT("created_at", null, true, row -> number(row.cursor())),
    CREATED_AT_DESCENDING("-created_at", null, false, row -> number(row.cursor())),
    USERNAME("username", UserFields.USERNAME_KEY, true, row -> new BsonString(row.usernameKey())),
    EMAIL("email", UserFields.EMAIL_KEY, true, row -> new BsonString(row.emailKey())),
    LAST_SIGNIN("last_signin", UserFields.LAST_SIGNIN, true, row -> time(row.lastSignin()));

    private final String text;
    private final @Nullable String field;
    private final boolean ascending;
    private final Function<UserRow, BsonValue> value;

    UserOrder(String text, @Nullable String field, boolean ascending, Function<UserRow, BsonValue> value) {
        this.text = text;
        this.field = field;
        this.ascending = ascending;
        this.value = value;
    }

    /** As it is asked for, for example {@code -created_at}. */
    public String text() {
        return text;
    }

    /** The field that comes before the order of creation, or null when that alone is the order. */
    @Nullable
    String field() {
        return field;
    }

    boolean ascending() {
        return ascending;
    }

    /** A user's value of {@link #field()}. */
    BsonValue value(UserRow row) {
        return value.apply(row);
    }
}
