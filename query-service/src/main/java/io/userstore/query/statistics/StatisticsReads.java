package io.userstore.query.statistics;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.userstore.query.mongo.BsonForm;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt64;

/** Reads statistics of one application. Thread-safe. */
public final class StatisticsReads {
    private static final BsonInt64 ZERO = BsonForm.number(0);

    private final MongoCollection<BsonDocument> days;
    private final MongoCollection<BsonDocument> totals;

    StatisticsReads(MongoDatabase database) {
        this.days = database.getCollection(StatisticsFields.DAYS, BsonDocument.class);
        this.totals = database.getCollection(StatisticsFields.TOTALS, BsonDocument.class);
    }

    public Statistics.Totals totals(String application) {
        BsonDocument sum = new BsonDocument();
        for (BsonDocument partition : totals.find(Filters.eq(StatisticsFields.APPLICATION, application))) {
            for (String field : List.of(
                    StatisticsFields.USERS,
                    StatisticsFields.ACTIVE,
                    StatisticsFields.VERIFIED,
                    StatisticsFields.PENDING)) {
                sum.put(field, BsonForm.number(count(sum, field) + count(partition, field)));
            }
        }
        return new Statistics.Totals(
                count(sum, StatisticsFields.USERS),
                count(sum, StatisticsFields.ACTIVE),
                count(sum, StatisticsFields.VERIFIED),
                count(sum, StatisticsFields.PENDING));
    }

    /**
     * The intervals from the one that {@code from} lies in to the one that {@code to} ends in.
     *
     * @param to exclusive; after {@code from}
     */
    public Statistics.Series series(String application, Instant from, Instant to, Interval interval) {
        Map<Instant, Map<String, Long>> sums = new TreeMap<>();
        Instant first = interval.start(from);
        Instant end = first;
        while (end.isBefore(to)) {
            sums.put(end, new HashMap<>());
            end = interval.next(end);
        }
        for (BsonDocument day : days.find(Filters.and(
                Filters.eq(StatisticsFields.APPLICATION, application),
                Filters.gte(StatisticsFields.DAY, day(first)),
                Filters.lte(StatisticsFields.DAY, day(end))))) {
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
