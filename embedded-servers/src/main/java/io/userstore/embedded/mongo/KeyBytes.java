package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonJavaScript;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Decimal128;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.LegacyUUID;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes BSON values as bytes whose unsigned order is the values' order in MongoDB: a byte for the type, then the value. No
 * value's bytes are the beginning of another's, so that bytes of several values in a row compare field by field.
 *
 * <p>Numbers of all types compare by value; a {@link Decimal128} counts as the double next to it. Strings compare by code
 * point.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/">Comparison/Sort Order</a>
 */
final class KeyBytes {

    /** What an index holds for an empty array, which has no element to index and is not null. */
    static final Object EMPTY_ARRAY = new Object();

    private static final int INITIAL_CAPACITY = 48;
    private static final byte[] STRING_END = {0, 0};

    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private int length;

    static byte[] of(@Nullable Object value) {
        return new KeyBytes().append(value).toByteArray();
    }

    /** The beginning that all strings with this prefix, and nothing else, have in common. */
    static byte[] ofStringsStartingWith(String prefix) {
        KeyBytes key = new KeyBytes().put(BsonKind.STRING.code());
        key.putEscaped(prefix.getBytes(StandardCharsets.UTF_8));
        return key.toByteArray();
    }

    /** The smallest bytes greater than all that begin with {@code prefix}; the prefix must not consist of 0xFF alone. */
    static byte[] after(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == (byte) 0xFF) {
            last--;
        }
        byte[] after = Arrays.copyOf(prefix, last + 1);
        after[last]++;
        return after;
    }

    /** The same bytes in the opposite order. */
    static byte[] inverted(byte[] key) {
        byte[] inverted = new byte[key.length];
        for (int i = 0; i < key.length; i++) {
            inverted[i] = (byte) ~key[i];
        }
        return inverted;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    int length() {
        return length;
    }

    KeyBytes append(@Nullable Object value) {
        BsonKind kind = BsonKind.of(value);
        put(kind.code());
        switch (kind) {
            case MIN_KEY, EMPTY_ARRAY, NULL, MAX_KEY -> {}
            case NUMBER -> putNumber((Number) known(value));
            case STRING -> putString((String) known(value));
            case DOCUMENT -> putDocument((Document) known(value));
            case ARRAY -> putArray((Collection<?>) known(value));
            case BINARY -> putBinary(known(value));
            case OBJECT_ID -> putRaw(((ObjectId) known(value)).toByteArray());
            case BOOLEAN -> put((Boolean) known(value) ? 1 : 0);
            case DATE -> putLong(((Instant) known(value)).toEpochMilli() ^ Long.MIN_VALUE);
            case TIMESTAMP -> putLong(((BsonTimestamp) known(value)).getValue());
            case REGULAR_EXPRESSION -> putRegularExpression((BsonRegularExpression) known(value));
            case JAVASCRIPT -> putString(((BsonJavaScript) known(value)).getCode());
        }
        return this;
    }

    KeyBytes appendDescending(@Nullable Object value) {
        int start = length;
        append(value);
        for (int i = start; i < length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
        return this;
    }

    KeyBytes putRaw(byte[] raw) {
        ensure(raw.length);
        System.arraycopy(raw, 0, bytes, length, raw.length);
        length += raw.length;
        return this;
    }

    KeyBytes put(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    private static Object known(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("only the kind NULL has no value");
        }
        return value;
    }

    private void putNumber(Number number) {
        if (number instanceof Long whole) {
            // Beyond 2^53 the nearest double stands for several longs: what is left over tells them apart.
            double nearest = whole.doubleValue();
            putDouble(nearest);
            putShort(nearest >= 0x1p63 ? (int) (whole - Long.MAX_VALUE) - 1 : (int) (whole - (long) nearest));
        } else {
            putDouble(number.doubleValue());
            putShort(0);
        }
    }

    private void putDouble(double value) {
        if (Double.isNaN(value)) {
            putLong(0); // below all other numbers
            return;
        }
        long bits = Double.doubleToLongBits(value == 0.0 ? 0.0 : value);
        putLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
    }

    private void putShort(int value) {
        int unsigned = value + 0x8000;
        put(unsigned >>> 8);
        put(unsigned);
    }

    private void putLong(long value) {
        ensure(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    private void putString(String value) {
        putEscaped(value.getBytes(StandardCharsets.UTF_8));
        putRaw(STRING_END);
    }

    private void putEscaped(byte[] utf8) {
        ensure(utf8.length);
        for (byte b : utf8) {
            put(b);
            if (b == 0) {
                put(0xFF);
            }
        }
    }

    private void putDocument(Document document) {
        for (Map.Entry<String, Object> field : document.entrySet()) {
            // MongoDB compares the types of two fields before their names, and these before the values.
            put(BsonKind.of(field.getValue()).code());
            putString(field.getKey());
            append(field.getValue());
        }
        put(0);
    }

    private void putArray(Collection<?> array) {
        for (Object element : array) {
            append(element);
        }
        put(0);
    }

    private void putBinary(Object value) {
        switch (value) {
            case UUID uuid -> putUuid(4, uuid);
            case LegacyUUID legacy -> putUuid(3, legacy.getUuid());
            case BinData binary -> putBinary(0, binary.getData());
            default -> throw new IllegalArgumentException("not binary: " + value.getClass());
        }
    }

    private void putUuid(int subtype, UUID uuid) {
        putLong(Long.BYTES * 2L << 32 | subtype);
        putLong(uuid.getMostSignificantBits());
        putLong(uuid.getLeastSignificantBits());
    }

    private void putBinary(int subtype, byte[] data) {
        putLong((long) data.length << 32 | subtype);
        putRaw(data);
    }

    private void putRegularExpression(BsonRegularExpression expression) {
        putString(expression.getPattern());
        @Nullable String options = expression.getOptions();
        putString(options == null ? "" : options);
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** Types that compare with one another, in MongoDB's order. */
    enum BsonKind {
        MIN_KEY,
        EMPTY_ARRAY,
        NULL,
        NUMBER,
        STRING,
        DOCUMENT,
        ARRAY,
        BINARY,
        OBJECT_ID,
        BOOLEAN,
        DATE,
        TIMESTAMP,
        REGULAR_EXPRESSION,
        JAVASCRIPT,
        MAX_KEY;

        private static final int FIRST_CODE = 0x10;

        static BsonKind of(@Nullable Object value) {
            return switch (value) {
                case null -> NULL;
                case Missing missing -> NULL;
                case String string -> STRING;
                case Number number -> NUMBER;
                case Boolean bool -> BOOLEAN;
                case Instant instant -> DATE;
                case Document document -> DOCUMENT;
                case Collection<?> array -> ARRAY;
                case ObjectId id -> OBJECT_ID;
                case BinData binary -> BINARY;
                case UUID uuid -> BINARY;
                case LegacyUUID uuid -> BINARY;
                case BsonTimestamp timestamp -> TIMESTAMP;
                case BsonRegularExpression expression -> REGULAR_EXPRESSION;
                case BsonJavaScript code -> JAVASCRIPT;
                case MinKey min -> MIN_KEY;
                case MaxKey max -> MAX_KEY;
                default -> {
                    if (value == KeyBytes.EMPTY_ARRAY) {
                        yield EMPTY_ARRAY;
                    }
                    throw new IllegalArgumentException("no BSON type: " + value.getClass());
                }
            };
        }

        /** Never 0x00 nor 0xFF, nor their neighbours, also when inverted. */
        int code() {
            return FIRST_CODE + 4 * ordinal();
        }
    }
}
