package io.userstore.audit.verify;

import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.json.Json;
import io.userstore.audit.source.LogRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** In what a record is unlike the form in which an event is published. Names of fields only, no content. */
final class Unlike {
    private Unlike() {}

    /** The names of what differs, for example {@code ce_time} or {@code data.group}; empty when nothing does. */
    static List<String> fields(LogRecord record, PublishedEvent event) {
        List<String> unlike = new ArrayList<>();
        if (!record.key().equals(event.userId())) {
            unlike.add("key");
        }
        EventCodec.headers(event).forEach((name, value) -> {
            if (!Arrays.equals(value, record.header(name))) {
                unlike.add(name);
            }
        });
        byte[] expected = EventCodec.value(event);
        byte @Nullable [] value = record.raw().value();
        if (!Arrays.equals(expected, value)) {
            addFields(expected, value, unlike);
        }
        return unlike;
    }

    private static void addFields(byte[] expected, byte @Nullable [] value, List<String> unlike) {
        int before = unlike.size();
        try {
            JsonNode one = Json.MAPPER.readTree(expected);
            JsonNode other = Json.MAPPER.readTree(value == null ? new byte[0] : value);
            add("", one, other, unlike);
        } catch (JacksonException e) {
            // Not JSON any more, so there are no fields to name.
            unlike.add("value");
        }
        if (unlike.size() == before) {
            unlike.add("the value's form");
        }
    }

    private static void add(String path, JsonNode one, JsonNode other, List<String> unlike) {
        TreeSet<String> names = new TreeSet<>(one.propertyNames());
        names.addAll(other.propertyNames());
        for (String name : names) {
            JsonNode left = one.path(name);
            JsonNode right = other.path(name);
            if (left.equals(right)) {
                continue;
            }
            if (left.isObject() && right.isObject()) {
                add(path + name + ".", left, right, unlike);
            } else {
                unlike.add(path + name);
            }
        }
    }
}
