package io.userstore.api.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a published event is in the tree. Depends on the bytes of its record of Kafka and on nothing else, so that whoever
 * has the record can tell the leaf: the text {@code userstore-event-v1} and a line feed; then the headers {@code ce_id},
 * {@code ce_type}, {@code ce_source}, {@code ce_subject} and {@code ce_time} and the value, in this order, each as its length
 * (four bytes, the most significant first) and its bytes.
 */
public final class EventLeaf {
    private static final byte[] DOMAIN = "userstore-event-v1\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> HEADERS = List.of("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time");

    private EventLeaf() {}

    /**
     * The hash of the leaf.
     *
     * @param header gives a header's value by its name, or null
     * @return empty for a record that is no event, since it lacks a header or a value
     */
    public static Optional<Hash> hash(Function<String, byte @Nullable []> header, byte @Nullable [] value) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(DOMAIN);
        for (String name : HEADERS) {
            byte[] bytes = header.apply(name);
            if (bytes == null) {
                return Optional.empty();
            }
            add(data, bytes);
        }
        if (value == null) {
            return Optional.empty();
        }
        add(data, value);
        return Optional.of(Hash.ofLeaf(data.toByteArray()));
    }

    private static void add(ByteArrayOutputStream data, byte[] bytes) {
        data.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        data.writeBytes(bytes);
    }
}
