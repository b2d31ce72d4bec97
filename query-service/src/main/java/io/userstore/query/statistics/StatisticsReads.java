package io.userstore.query.statistics;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.userstore.query.mongo.BsonForm;
import io.userstore.query.projection.Generation;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Reads statistics of one application, in one generation. Thread-safe. */
public final class StatisticsReads {
    private static final BsonInt64 ZERO = BsonForm.number(0);
    private static final int BATCH = 1_000;

    private final MongoCollection<BsonDocument> days;
    private final MongoCollection<BsonDocument> groupDays;
    private final MongoCollection<BsonDocument> totals;
    private final MongoCollection<BsonDocument> groups;

    StatisticsReads(MongoDatabase database, Generation generation) {
        this.days = database.getCollection(generation.collection(StatisticsFields.DAYS), BsonDocument.class);
        this.groupDays = database.getCollection(generation.collection(StatisticsFields.GROUP_DAYS), BsonDocument.class);
        this.totals = database.getCollection(generation.collection(StatisticsFields.TOTALS), BsonDocument.class);
        this.groups = database.getCollection(generation.collection(StatisticsFields.GROUPS), BsonDocument.class);
    }

    public Statistics.Totals totals(String application) {
        return sum(totals.find(Filters.eq(StatisticsFields.APPLICATION, application)));
    }

    public Statistics.Totals totals(String application, Statistics.Group group) {
        return sum(groups.find(Filters.and(of(application, group))));
    }

    /**
     * The groups that have users, by name (in the order of its UTF-8), and at the end the users without a group.
     *
     * @param after the group that the page follows on, null for the first page
     * @param limit most groups, from 1
     */
    public Statistics.GroupPage groups(String application, @Nullable String after, int limit) {
        List<Statistics.OfGroup> page = new ArrayList<>();
        // A group's documents, one per partition, lie side by side.
        List<BsonDocument> group = new ArrayList<>();
        try (MongoCursor<BsonDocument> found = groups.find(Filters.and(
                        Filters.eq(StatisticsFields.APPLICATION, application),
                        Filters.gt(StatisticsFields.GROUP, after == null ? "" : after)))
                .sort(Sorts.ascending(StatisticsFields.GROUP))
                .batchSize(BATCH)
                .iterator()) {
            while (found.hasNext() && page.size() <= limit) {
                BsonDocument document = found.next();
                if (!group.isEmpty() && !name(group.getFirst()).equals(name(document))) {
                    add(page, name(group.getFirst()), group);
                    group.clear();
                }
                group.add(document);
            }
        }
        if (page.size() <= limit && !group.isEmpty()) {
            add(page, name(group.getFirst()), group);
        }
        if (page.size() <= limit) {
            add(page, null, groups.find(Filters.and(of(application, Statistics.Group.NONE))));
        }
        return page.size() <= limit
                ? new Statistics.GroupPage(page, null)
                : new Statistics.GroupPage(
                        page.subList(0, limit), page.get(limit - 1).group());
    }

    private static void add(List<Statistics.OfGroup> page, @Nullable String name, Iterable<BsonDocument> partitions) {
        Statistics.Totals sum = sum(partitions);
        if (sum.users() > 0) {
            page.add(new Statistics.OfGroup(name, sum.users(), sum.active(), sum.verified(), sum.pending()));
        }
    }

    private static String name(BsonDocument document) {
        return document.getString(StatisticsFields.GROUP).getValue();
    }

    private static Statistics.Totals sum(Iterable<BsonDocument> partitions) {
        long users = 0;
        long active = 0;
        long verified = 0;
        long pending = 0;
        for (BsonDocument partition : partitions) {
            users += count(partition, StatisticsFields.USERS);
            active += count(partition, StatisticsFields.ACTIVE);
            verified += count(partition, StatisticsFields.VERIFIED);
            pending += count(partition, StatisticsFields.PENDING);
        }
        return new Statistics.Totals(users, active, verified, pending);
    }

    private static List<Bson> of(String application, Statistics.Group group) {
        return List.of(
                Filters.eq(StatisticsFields.APPLICATION, application),
                Filters.eq(StatisticsFields.GROUP, BsonForm.text(group.name())));
    }

    /**
     * The intervals from the one that {@code from} lies in to the one that {@code to} ends in.
     *
     * @param group whose users are counted, null for all
     * @param to exclusive; after {@code from}
     */
    public Statistics.Series series(
            String application, Statistics.@Nullable Group group, Instant from, Instant to, Interval interval) {
        Map<Instant, Map<String, Long>> sums = new TreeMap<>();
        Instant first = interval.start(from);
        Instant end = first;
        while (end.isBefore(to)) {
            sums.put(end, new HashMap<>());
            end = interval.next(end);
        }
        List<Bson> conditions = new ArrayList<>(
                group == null
                        ? List.of(Filters.eq(StatisticsFields.APPLICATION, application))
                        : of(application, group));
        conditions.add(Filters.gte(StatisticsFields.DAY, day(first)));
        conditions.add(Filters.lte(StatisticsFields.DAY, day(end)));
        for (BsonDocument day : (group == null ? days : groupDays).find(Filters.and(conditions))) {
            add(day, interval, sums);
        }
        List<Statistics.Point> points = sums.entrySet().stream()
                .map(entry -> point(entry.getKey(), entry.getValue(), interval))
                .toList();
        return new Statistics.Series(first, end, points);
    }

    private static void add(BsonDocument document, Interval interval, Map<Instant, Map<String, Long>> sums) {
        LocalDate day = LocalDate.parse(document.getString(StatisticsFields.DAY).getValue());
        for (int hour = 0; hour < 24; hour++) {
            BsonDocument counters = document.getDocument(StatisticsProjection.hour(hour), new BsonDocument());
            Instant time = day.atTime(LocalTime.of(hour, 0)).toInstant(ZoneOffset.UTC);
            Map<String, Long> sum = sums.get(interval.start(time));
            if (sum != null) {
                Stream.of(
                                StatisticsFields.JOINS,
                                StatisticsFields.LOGINS,
                                StatisticsFields.FAILED_LOGINS,
                                StatisticsFields.DELETIONS,
                                interval.uniqueLogins())
                        .forEach(field -> sum.merge(field, count(counters, field), Long::sum));
            }
        }
    }

    private static Statistics.Point point(Instant time, Map<String, Long> sum, Interval interval) {
        return new Statistics.Point(
                time,
                sum.getOrDefault(StatisticsFields.JOINS, 0L),
                sum.getOrDefault(StatisticsFields.LOGINS, 0L),
                sum.getOrDefault(StatisticsFields.FAILED_LOGINS, 0L),
                sum.getOrDefault(StatisticsFields.DELETIONS, 0L),
                sum.getOrDefault(interval.uniqueLogins(), 0L));
    }

    private static long count(BsonDocument document, String field) {
        return document.getInt64(field, ZERO).getValue();
    }

    private static String day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }
}
