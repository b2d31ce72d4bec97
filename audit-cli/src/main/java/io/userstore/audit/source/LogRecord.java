package io.userstore.audit.source;

import io.userstore.api.audit.EventLeaf;
import io.userstore.api.audit.Hash;
import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record of the log, byte for byte. */
public record LogRecord(ConsumerRecord<byte[], byte[]> raw) {

    /** The last header of that name, or null. */
    public byte @Nullable [] header(String name) {
        Header header = raw.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    /** The header as text; empty when there is none. */
    public String text(String name) {
        byte[] value = header(name);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    /** The user; empty in a record without a key, which is none of ours. */
    public String key() {
        byte @Nullable [] key = raw.key();
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }

    /** What the record is in the tree; empty when it is no event. */
    public Optional<Hash> leaf() {
        return EventLeaf.hash(this::header, raw.value());
    }

    /**
     * The record as an event.
     *
     * @throws EventCodec.UndecodableEventException when it is none
     * @throws EventCodec.UnknownEventTypeException when it is of a later version
     */
    public PublishedEvent event() {
        return EventCodec.decode(this::header, raw.value());
    }

    public int partition() {
        return raw.partition();
    }

    public long offset() {
        return raw.offset();
    }
}
