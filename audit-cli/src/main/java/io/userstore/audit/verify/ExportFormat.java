package io.userstore.audit.verify;

import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.api.json.Json;
import io.userstore.audit.source.EventTopic.Range;
import io.userstore.audit.source.LogRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The lines of an export, each a JSON object: first {@link Begin}, then the heads ({@code {"head":…}}), then one line per
 * record with all that its leaf is made of; a record outside of the time asked for is a line with its leaf only, so that the
 * tree can be made again from a part too.
 */
public final class ExportFormat {
    /** Of which this is the only one yet. */
    public static final int VERSION = 1;

    private static final String HEAD = "head";
    private static final String LEAF_INDEX = "leaf_index";
    private static final String LEAF_HASH = "leaf_hash";
    private static final String BASE64 = "base64";

    private ExportFormat() {}

    /**
     * The first line.
     *
     * @param format {@link #VERSION}
     * @param treeSize leaves of which this export is
     * @param from the earliest time, or null; likewise {@code to}, which is behind the last
     * @param ranges what is exported of each partition, in this order
     */
    public record Begin(
            int format,
            String topic,
            long treeSize,
            @Nullable Instant from,
            @Nullable Instant to,
            List<Range> ranges) {}

    /** A line of any kind. */
    public sealed interface Line {
        /** A signed head. */
        record Head(TreeHead head) implements Line {}

        /**
         * A leaf, with its record where that was asked for.
         *
         * @param index in the tree; -1 for a record that is no leaf
         * @param hash as the tree has it; null for a record that is no leaf
         */
        record Leaf(
                long index,
                @Nullable Hash hash,
                int partition,
                long offset,
                @Nullable LogRecord record) implements Line {}
    }

    /** The event's place in the history; empty for a record that is no event. */
    public static Optional<Long> positionOf(LogRecord record) {
        return RecordFacts.of(record).map(RecordFacts::position);
    }

    public static String begin(Begin begin) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.set("userstore_export", Json.MAPPER.valueToTree(begin));
        return line.toString();
    }

    public static String head(TreeHead head) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.set(HEAD, Json.MAPPER.valueToTree(head));
        return line.toString();
    }

    /** @param whole with the record, or only its leaf */
    public static String record(LogRecord record, io.userstore.audit.source.@Nullable Leaf leaf, boolean whole) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        if (leaf != null) {
            line.put(LEAF_INDEX, leaf.index());
            line.put(LEAF_HASH, leaf.hash().base64());
        }
        line.put("partition", record.partition());
        line.put("offset", record.offset());
        if (!whole) {
            return line.toString();
        }
        line.put("timestamp", record.raw().timestamp());
        put(line, "key", record.raw().key());
        var headers = line.putArray("headers");
        for (Header header : record.raw().headers()) {
            ObjectNode one = headers.addObject();
            one.put("name", header.key());
            put(one, "value", header.value());
        }
        put(line, "value", record.raw().value());
        return line.toString();
    }

    /** As text where that says the same bytes, so that a person can read it. */
    private static void put(ObjectNode line, String name, byte @Nullable [] bytes) {
        if (bytes == null) {
            line.putNull(name);
            return;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            line.put(name, text);
        } else {
            line.putObject(name).put(BASE64, Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** The first line of an export; empty for anything else. */
    public static Optional<Begin> readBegin(String line) {
        try {
            JsonNode begin = Json.MAPPER.readTree(line).path("userstore_export");
            return begin.isObject() && begin.path("format").asInt(0) == VERSION
                    ? Optional.of(Json.MAPPER.treeToValue(begin, Begin.class))
                    : Optional.empty();
        } catch (JacksonException e) {
            // No export, which the caller is told by there being no first line.
            return Optional.empty();
        }
    }

    /** A line behind the first; empty when it is none, for instance cut off. */
    public static Optional<Line> read(String text, String topic) {
        try {
            JsonNode line = Json.MAPPER.readTree(text);
            if (line.has(HEAD)) {
                return Optional.of(new Line.Head(Json.MAPPER.treeToValue(line.get(HEAD), TreeHead.class)));
            }
            String hash = line.path(LEAF_HASH).asString("");
            return line.has("partition") && line.has("offset")
                    ? Optional.of(new Line.Leaf(
                            line.path(LEAF_INDEX).asLong(-1),
                            hash.isEmpty() ? null : Hash.parse(hash),
                            line.path("partition").asInt(),
                            line.path("offset").asLong(),
                            line.has("value") ? record(line, topic) : null))
                    : Optional.empty();
        } catch (JacksonException | IllegalArgumentException e) {
            // Damaged, which the caller is told by there being no line.
            return Optional.empty();
        }
    }

    private static LogRecord record(JsonNode line, String topic) {
        RecordHeaders headers = new RecordHeaders();
        for (JsonNode header : line.path("headers")) {
            headers.add(header.path("name").asString(""), bytes(header.path("value")));
        }
        return new LogRecord(new ConsumerRecord<>(
                topic,
                line.path("partition").asInt(),
                line.path("offset").asLong(),
                line.path("timestamp").asLong(0),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                bytes(line.path("key")),
                bytes(line.path("value")),
                headers,
                Optional.empty()));
    }

    private static byte @Nullable [] bytes(JsonNode value) {
        if (value.isString()) {
            return value.stringValue().getBytes(StandardCharsets.UTF_8);
        }
        return value.isObject() ? Base64.getDecoder().decode(value.path(BASE64).asString("")) : null;
    }
}
