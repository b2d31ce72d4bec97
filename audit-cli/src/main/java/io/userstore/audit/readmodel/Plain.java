package io.userstore.audit.readmodel;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Values of JSON and of BSON as what they are in both, so that they can be compared. */
final class Plain {
    private Plain() {}

    /** Text, a flag, a number by its value, a list, a map, or {@link BsonNull#VALUE}; any other value is itself. */
    static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> BsonNull.VALUE;
            case Number number -> number(number);
            case JsonNode json -> json(json);
            case BsonString text -> text.getValue();
            case BsonBoolean flag -> flag.getValue();
            case BsonInt32 number -> number(number.getValue());
            case BsonInt64 number -> number(number.getValue());
            case BsonDouble number -> number(number.getValue());
            case BsonDocument document -> {
                Map<String, Object> map = new HashMap<>();
                document.forEach((name, inner) -> map.put(name, of(inner)));
                yield map;
            }
            case BsonValue array
            when array.isArray() -> array.asArray().stream().map(Plain::of).toList();
            default -> value;
        };
    }

    private static Object json(JsonNode json) {
        if (json.isObject()) {
            Map<String, Object> map = new HashMap<>();
            json.forEachEntry((name, inner) -> map.put(name, of(inner)));
            return map;
        }
        if (json.isArray()) {
            List<Object> list = new ArrayList<>();
            json.forEach(inner -> list.add(of(inner)));
            return list;
        }
        if (json.isNumber()) {
            return number(json.numberValue());
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        return json.isString() ? json.stringValue() : BsonNull.VALUE;
    }

    /** However it is written down; what is no number is unlike one. */
    static Object number(Object text) {
        try {
            return new BigDecimal(text.toString()).stripTrailingZeros();
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
