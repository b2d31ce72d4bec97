package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.BsonConstants;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document as BSON, of which only those fields are decoded that somebody asks for: most documents go from the store to the
 * wire as they are. Confined to one thread.
 */
final class RawDocument {

    private static final int ESTIMATED_SIZE = 768;

    private static final byte[] ID_UTF8 = PrimaryIndex.FIELD.getBytes(StandardCharsets.UTF_8);

    private final byte[] bson;
    private @Nullable Document decoded;

    RawDocument(byte[] bson) {
        this.bson = bson;
    }

    static RawDocument of(Document document) {
        RawDocument raw = new RawDocument(encode(document));
        raw.decoded = document;
        return raw;
    }

    static byte[] encode(Map<String, ?> document) {
        ByteBuf buffer = Unpooled.buffer(ESTIMATED_SIZE);
        BsonEncoder.encodeDocument(document, buffer);
        byte[] bson = new byte[buffer.readableBytes()];
        buffer.readBytes(bson);
        return bson;
    }

    byte[] bson() {
        return bson;
    }

    /** Decodes the whole; the result is the caller's only if nobody else asks. */
    Document decode() {
        if (decoded == null) {
            decoded = BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bson));
        }
        return decoded;
    }

    @Nullable
    Object id() {
        return get(PrimaryIndex.FIELD, ID_UTF8);
    }

    /** Returns the value of a field of the document itself, {@code null} for BSON's null, {@link Missing} if there is none. */
    @Nullable
    Object get(String name, byte[] nameUtf8) {
        if (decoded != null) {
            return decoded.getOrMissing(name);
        }
        int at = Integer.BYTES;
        while (bson[at] != BsonConstants.TERMINATING_BYTE) {
            byte type = bson[at];
            int nameStart = at + 1;
            int nameEnd = endOfName(nameStart);
            if (isName(nameStart, nameEnd, nameUtf8)) {
                return decodeValue(type, nameEnd + 1);
            }
            at = nameEnd + 1 + sizeOfValue(type, nameEnd + 1);
        }
        return Missing.getInstance();
    }

    private @Nullable Object decodeValue(byte type, int at) {
        return switch (type) {
            case BsonConstants.TYPE_UTF8_STRING ->
                new String(bson, at + Integer.BYTES, intAt(at) - 1, StandardCharsets.UTF_8);
            case BsonConstants.TYPE_INT32 -> intAt(at);
            default -> BsonDecoder.decodeValue(type, Unpooled.wrappedBuffer(bson, at, bson.length - at));
        };
    }

    private int endOfName(int from) {
        int at = from;
        while (bson[at] != 0) {
            at++;
        }
        return at;
    }

    private boolean isName(int from, int to, byte[] name) {
        if (to - from != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bson[from + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** @see <a href="https://bsonspec.org/spec.html">BSON 1.1</a> */
    private int sizeOfValue(byte type, int at) {
        return switch (type) {
            case BsonConstants.TYPE_DOUBLE,
                    BsonConstants.TYPE_UTC_DATETIME,
                    BsonConstants.TYPE_TIMESTAMP,
                    BsonConstants.TYPE_INT64 -> Long.BYTES;
            case BsonConstants.TYPE_UTF8_STRING, BsonConstants.TYPE_JAVASCRIPT_CODE -> Integer.BYTES + intAt(at);
            case BsonConstants.TYPE_EMBEDDED_DOCUMENT, BsonConstants.TYPE_ARRAY -> intAt(at);
            case BsonConstants.TYPE_DATA -> Integer.BYTES + 1 + intAt(at);
            case BsonConstants.TYPE_OBJECT_ID -> BsonConstants.LENGTH_OBJECTID;
            case BsonConstants.TYPE_BOOLEAN -> 1;
            case BsonConstants.TYPE_REGEX -> endOfName(endOfName(at) + 1) + 1 - at;
            case BsonConstants.TYPE_INT32 -> Integer.BYTES;
            case BsonConstants.TYPE_DECIMAL128 -> 2 * Long.BYTES;
            case BsonConstants.TYPE_NULL,
                    BsonConstants.TYPE_UNDEFINED,
                    BsonConstants.TYPE_MIN_KEY,
                    BsonConstants.TYPE_MAX_KEY -> 0;
            default -> throw new IllegalArgumentException("BSON type 0x" + Integer.toHexString(type));
        };
    }

    private int intAt(int at) {
        return (bson[at] & 0xFF)
                | (bson[at + 1] & 0xFF) << 8
                | (bson[at + 2] & 0xFF) << 16
                | (bson[at + 3] & 0xFF) << 24;
    }
}
