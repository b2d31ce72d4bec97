package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.BsonConstants;
import de.bwaldvogel.mongo.wire.OpCode;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes replies, in which documents straight from the store are copied as they are.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/#op_msg">OP_MSG</a>
 */
final class MessageEncoder extends MessageToByteEncoder<MongoMessage> {

    @Override
    protected void encode(ChannelHandlerContext context, MongoMessage message, ByteBuf out) {
        int start = out.writerIndex();
        out.writeIntLE(0);
        out.writeIntLE(message.getHeader().getRequestID());
        out.writeIntLE(message.getHeader().getResponseTo());
        out.writeIntLE(OpCode.OP_MSG.getId());
        out.writeIntLE(message.getFlags());
        out.writeByte(MongoMessage.SECTION_KIND_BODY);
        writeDocument(message.getDocument(), out);
        out.setIntLE(start, out.writerIndex() - start);
    }

    private static void writeDocument(Document document, ByteBuf out) {
        int start = out.writerIndex();
        out.writeIntLE(0);
        for (Map.Entry<String, Object> field : document.entrySet()) {
            writeField(field.getKey(), field.getValue(), out);
        }
        end(start, out);
    }

    private static void writeField(String name, @Nullable Object value, ByteBuf out) {
        if (value instanceof RawDocument raw) {
            writeName(BsonConstants.TYPE_EMBEDDED_DOCUMENT, name, out);
            out.writeBytes(raw.bson());
            return;
        }
        byte type = BsonEncoder.determineType(value);
        writeName(type, name, out);
        switch (value) {
            case Document document -> writeDocument(document, out);
            case List<?> list -> writeList(list, out);
            case null -> {}
            default -> BsonEncoder.encodeValue(type, value, out);
        }
    }

    private static void writeList(List<?> list, ByteBuf out) {
        int start = out.writerIndex();
        out.writeIntLE(0);
        for (int i = 0; i < list.size(); i++) {
            writeField(Integer.toString(i), list.get(i), out);
        }
        end(start, out);
    }

    private static void writeName(byte type, String name, ByteBuf out) {
        out.writeByte(type);
        out.writeCharSequence(name, StandardCharsets.UTF_8);
        out.writeByte(BsonConstants.STRING_TERMINATION);
    }

    private static void end(int start, ByteBuf out) {
        out.writeByte(BsonConstants.TERMINATING_BYTE);
        out.setIntLE(start, out.writerIndex() - start);
    }
}
