package io.userstore.query.mongo;

import java.time.Instant;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** How the values of this system stand in documents: an absent one as null, a time with its milliseconds. */
public final class BsonForm {
    private BsonForm() {}

    public static BsonValue text(@Nullable String text) {
        return text == null ? BsonNull.VALUE : new BsonString(text);
    }

    public static BsonDateTime time(Instant time) {
        return new BsonDateTime(time.toEpochMilli());
    }

    public static BsonInt64 number(long number) {
        return new BsonInt64(number);
    }

    public static BsonBoolean flag(boolean flag) {
        return BsonBoolean.valueOf(flag);
    }
}
