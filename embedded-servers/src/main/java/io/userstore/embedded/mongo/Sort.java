package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.BadValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The order asked for; empty for any order. */
record Sort(List<Field> fields) {

    static final Sort NONE = new Sort(List.of());

    record Field(FieldPath path, boolean descending) {}

    /** @throws BadValueException if a direction is neither 1 nor -1 */
    static Sort parse(@Nullable Document orderBy) {
        if (orderBy == null || orderBy.isEmpty() || orderBy.containsKey("$natural")) {
            return NONE;
        }
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<String, Object> field : orderBy.entrySet()) {
            fields.add(new Field(new FieldPath(field.getKey()), isDescending(field.getValue())));
        }
        return new Sort(fields);
    }

    private static boolean isDescending(@Nullable Object direction) {
        if (direction instanceof Number number && Math.abs(number.doubleValue()) == 1) {
            return number.doubleValue() < 0;
        }
        throw new BadValueException("$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    }

    boolean isNone() {
        return fields.isEmpty();
    }

    /** Bytes in whose order the documents stand. */
    byte[] key(RawDocument document) {
        KeyBytes key = new KeyBytes();
        for (Field field : fields) {
            @Nullable Object value = field.path.sortValue(document, field.descending);
            if (field.descending) {
                key.appendDescending(value);
            } else {
                key.append(value);
            }
        }
        return key.toByteArray();
    }
}
