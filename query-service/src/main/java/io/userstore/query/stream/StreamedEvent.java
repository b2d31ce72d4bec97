package io.userstore.query.stream;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.userstore.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A published event in the structured mode of CloudEvents, with the record's value as it is on Kafka.
 *
 * @param data the JSON of the value, written out as it is
 */
public record StreamedEvent(
        String specversion,
        String id,
        String type,
        String source,
        String subject,
        String time,
        @Nullable String dataschema,
        String datacontenttype,
        @JsonRawValue String data) {

    /** The event of a record; empty for one that is no CloudEvent, of which the intake keeps count. */
    static Optional<StreamedEvent> of(ConsumerRecord<byte[], byte[]> record) {
        String id = text(record, "ce_id");
        String type = text(record, "ce_type");
        String source = text(record, "ce_source");
        String subject = text(record, "ce_subject");
        String time = text(record, "ce_time");
        byte[] value = record.value();
        if (id == null || type == null || source == null || subject == null || time == null || value == null) {
            return Optional.empty();
        }
        return Optional.of(new StreamedEvent(
                "1.0",
                id,
                type,
                source,
                subject,
                time,
                text(record, "ce_dataschema"),
                "application/json",
                new String(value, StandardCharsets.UTF_8)));
    }

    /** The whole as JSON. */
    public String json() {
        return Json.MAPPER.writeValueAsString(this);
    }

    private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String header) {
        Header found = record.headers().lastHeader(header);
        return found == null || found.value() == null ? null : new String(found.value(), StandardCharsets.UTF_8);
    }
}
