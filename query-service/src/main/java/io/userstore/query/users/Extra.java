package io.userstore.query.users;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonReader;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.BsonValue;

/**
 * Custom values as a document holds them: an array of {@code {k, v}} in the order of the keys. A number that BSON has
 * no type for stands as text in {@code n}.
 */
final class Extra {
    private static final String KEY = "k";
    private static final String VALUE = "v";
    private static final String BIG_NUMBER = "n";

    private Extra() {}

    static BsonArray toBson(Map<String, Object> extra) {
        BsonArray array = new BsonArray();
        new TreeMap<>(extra)
                .forEach((key, value) -> array.add(entry(new BsonDocument(KEY, new BsonString(key)), value)));
        return array;
    }

    private static BsonDocument entry(BsonDocument entry, Object value) {
        return switch (value) {
            case BigInteger big -> entry.append(BIG_NUMBER, new BsonString(big.toString()));
            case BigDecimal big -> entry.append(BIG_NUMBER, new BsonString(big.toString()));
            default -> entry.append(VALUE, plain(value));
        };
    }

    private static BsonValue plain(Object value) {
        return switch (value) {
            case String text -> new BsonString(text);
            case Boolean flag -> BsonBoolean.valueOf(flag);
            case Integer number -> new BsonInt32(number);
            case Long number -> new BsonInt64(number);
            case Double number -> new BsonDouble(number);
            default ->
                throw new IllegalArgumentException(
                        "a custom value is neither text, number nor boolean: " + value.getClass());
        };
    }

    /** Reads the array that the reader stands before. */
    static Map<String, Object> read(BsonReader reader) {
        Map<String, Object> extra = new TreeMap<>();
        reader.readStartArray();
        while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
            readEntry(reader, extra);
        }
        reader.readEndArray();
        return extra;
    }

    private static void readEntry(BsonReader reader, Map<String, Object> extra) {
        String key = "";
        reader.readStartDocument();
        while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
            switch (reader.readName()) {
                case KEY -> key = reader.readString();
                case BIG_NUMBER -> extra.put(key, new BigDecimal(reader.readString()));
                case VALUE -> extra.put(key, value(reader));
                default -> reader.skipValue();
            }
        }
        reader.readEndDocument();
    }

    private static Object value(BsonReader reader) {
        return switch (reader.getCurrentBsonType()) {
            case STRING -> reader.readString();
            case BOOLEAN -> reader.readBoolean();
            case INT32 -> reader.readInt32();
            case INT64 -> reader.readInt64();
            case DOUBLE -> reader.readDouble();
            default -> throw new IllegalStateException("no custom value: " + reader.getCurrentBsonType());
        };
    }
}
