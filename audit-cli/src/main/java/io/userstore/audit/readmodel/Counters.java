package io.userstore.audit.readmodel;

import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one partition add up to, as the documents of totals have it. A document tells the last offset that it has
 * counted; so one that has counted more than has been folded yet is counted on up to there. Not thread-safe.
 */
final class Counters {
    /** The collections of totals, and of counters by day and hour. */
    enum Kind {
        USERS,
        TOTALS,
        GROUPS,
        DAYS,
        GROUP_DAYS
    }

    /**
     * A document.
     *
     * @param id in its collection
     */
    record Key(Kind kind, String id) {}

    /** The counts of one document. */
    static final class Sums {
        private final Map<String, Long> sums = new TreeMap<>();
        private long until = Long.MAX_VALUE;
        private @Nullable BsonDocument document;

        /** From now on counts what stands up to that offset, as the document does. */
        void upTo(long offset, BsonDocument asRead) {
            until = offset;
            document = asRead;
        }

        /** The document as it was read, where more has to be counted; else null. */
        @Nullable
        BsonDocument document() {
            return document;
        }

        /** In what a document differs: {@code active is 2, and the events come to 3}; empty when in nothing. */
        String unlike(BsonDocument read) {
            Map<String, Long> counted = new TreeMap<>();
            flatten("", read, counted);
            counted.remove("offset");
            StringBuilder unlike = new StringBuilder();
            Map<String, Long> all = new TreeMap<>(counted);
            sums.forEach(all::putIfAbsent);
            all.keySet().forEach(field -> {
                long is = counted.getOrDefault(field, 0L);
                long should = sums.getOrDefault(field, 0L);
                if (is != should) {
                    unlike.append(unlike.isEmpty() ? "" : "; ")
                            .append(field)
                            .append(" is ")
                            .append(is)
                            .append(", and the events come to ")
                            .append(should);
                }
            });
            return unlike.toString();
        }

        /** A counter of an hour is named with it: {@code 09.logins}. */
        private static void flatten(String prefix, BsonDocument read, Map<String, Long> counted) {
            read.forEach((field, value) -> {
                if (value.isInt64()) {
                    counted.put(prefix + field, value.asInt64().getValue());
                } else if (value.isDocument()) {
                    flatten(prefix + field + '.', value.asDocument(), counted);
                }
            });
        }
    }

    private final int partition;
    private final Map<Key, Sums> all = new LinkedHashMap<>();
    private boolean closed;

    Counters(int partition) {
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    /** The sums of one document; zero when nothing was counted in it. */
    Sums of(Key key) {
        return all.computeIfAbsent(key, one -> new Sums());
    }

    Map<Key, Sums> all() {
        return all;
    }

    /** From now on nothing is counted but for documents that have counted more. */
    void close() {
        closed = true;
    }

    static long offset(BsonDocument document) {
        BsonValue offset = document.get("offset");
        return offset != null && offset.isInt64() ? offset.asInt64().getValue() : -1;
    }

    /** Counts an event, and what it changes in how its user counts. */
    void count(PublishedEvent event, Counted before, Counted after, long offset) {
        HourlyCounts hourly = HourlyCounts.of(event);
        if (hourly != null) {
            String id = event.application() + '|' + hourly.day() + "|p" + partition;
            add(new Key(Kind.DAYS, id), hourly.counters(), 1, offset);
            add(ofGroup(Kind.GROUP_DAYS, id, hourly.group()), hourly.counters(), 1, offset);
        }
        String id = event.application() + "|p" + partition;
        if (event.data() instanceof UserEvent.UserCreated) {
            add(new Key(Kind.USERS, id), Map.of("users", 1L), 1, offset);
        } else if (event.data() instanceof UserEvent.UserDeleted) {
            add(new Key(Kind.USERS, id), Map.of("users", 1L), -1, offset);
        }
        if (before.equals(after)) {
            return;
        }
        Key total = new Key(Kind.TOTALS, id);
        if (before.exists()) {
            add(total, before.ones(), -1, offset);
            add(ofGroup(Kind.GROUPS, id, before.group()), before.ones(), -1, offset);
        }
        if (after.exists()) {
            add(total, after.ones(), 1, offset);
            add(ofGroup(Kind.GROUPS, id, after.group()), after.ones(), 1, offset);
        }
    }

    private static Key ofGroup(Kind kind, String id, @Nullable String group) {
        return new Key(kind, id + '|' + (group == null ? "-" : '=' + group));
    }

    private void add(Key key, Map<String, Long> amounts, int sign, long offset) {
        Sums sums = closed ? all.get(key) : all.computeIfAbsent(key, one -> new Sums());
        if (sums == null || offset > sums.until || (closed && sums.document == null)) {
            return;
        }
        amounts.forEach((name, amount) -> {
            if (amount != 0) {
                sums.sums.merge(name, sign * amount, Long::sum);
            }
        });
    }
}
