package io.userstore.embedded.mongo;

import io.userstore.embedded.mongo.KeyBytes.BsonKind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** MongoDB's order of values, as {@link KeyBytes} has it, with short cuts for the usual types. */
final class BsonOrder {

    private BsonOrder() {}

    static boolean isEqual(@Nullable Object left, @Nullable Object right) {
        if (left == right) {
            return true;
        }
        if (left instanceof String && right instanceof String) {
            return left.equals(right);
        }
        return compare(left, right) == 0;
    }

    static boolean isSameKind(@Nullable Object left, @Nullable Object right) {
        return BsonKind.of(left) == BsonKind.of(right);
    }

    static int compare(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Integer l && right instanceof Integer r) {
            return Integer.compare(l, r);
        }
        if (left instanceof Number l && isWhole(l) && right instanceof Number r && isWhole(r)) {
            return Long.compare(l.longValue(), r.longValue());
        }
        BsonKind kind = BsonKind.of(left);
        int byKind = kind.compareTo(BsonKind.of(right));
        return byKind != 0 ? byKind : Arrays.compareUnsigned(KeyBytes.of(left), KeyBytes.of(right));
    }

    private static boolean isWhole(Number value) {
        return value instanceof Long || value instanceof Integer;
    }
}
