package io.userstore.query.statistics;

import com.mongodb.client.MongoDatabase;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.query.projection.Attempts;
import io.userstore.query.projection.Change;
import io.userstore.query.projection.Count;
import io.userstore.query.projection.CounterDocuments;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.UserDocuments;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Counts. An offset that a counter has counted is not counted again, and an event that the publisher sent twice (at two
 * offsets) is known by its number from {@code statistics_users_v1}; which is therefore written after the counters: a
 * crash between the two must leave the event news, with counters that know its offset.
 */
final class StatisticsProjection implements Projection {
    private final UserDocuments counted;
    private final CounterDocuments days;
    private final CounterDocuments totals;

    StatisticsProjection(MongoDatabase database) {
        this.counted = new UserDocuments(
                database.getCollection(StatisticsFields.COUNTED, BsonDocument.class),
                StatisticsProjection::advance,
                document -> {});
        this.days = new CounterDocuments(database.getCollection(StatisticsFields.DAYS, BsonDocument.class));
        this.totals = new CounterDocuments(database.getCollection(StatisticsFields.TOTALS, BsonDocument.class));
    }

    @Override
    public String name() {
        return "statistics";
    }

    @Override
    public List<Delivery> apply(List<Delivery> batch) {
        List<Delivery> refused = new ArrayList<>();
        Attempts.untilTaken(() -> {
            UserDocuments.Fold fold = counted.fold(batch);
            refused.clear();
            refused.addAll(fold.refused());
            days.add(fold.accepted().stream().flatMap(d -> hourly(d).stream()).toList());
            totals.add(
                    fold.accepted().stream().flatMap(d -> overall(d).stream()).toList());
            return counted.write(fold);
        });
        return refused;
    }

    private static Change advance(PublishedEvent event) {
        return event.type() == EventType.USER_CREATED ? new Change.Create(Map.of()) : new Change.Advance();
    }

    private static List<Count> hourly(Delivery delivery) {
        PublishedEvent event = delivery.event();
        OffsetDateTime time = event.time().atOffset(ZoneOffset.UTC);
        LocalDate day = time.toLocalDate();
        Count.Counters counters = new Count.Counters(
                event.application() + '|' + day + "|p" + delivery.partition(),
                new BsonDocument(StatisticsFields.APPLICATION, new BsonString(event.application()))
                        .append(StatisticsFields.DAY, new BsonString(day.toString())));
        return counts(
                delivery,
                counters,
                hour(time.getHour()) + '.',
                StatisticsChanges.of(event).hourly());
    }

    private static List<Count> overall(Delivery delivery) {
        PublishedEvent event = delivery.event();
        Count.Counters counters = new Count.Counters(
                event.application() + "|p" + delivery.partition(),
                new BsonDocument(StatisticsFields.APPLICATION, new BsonString(event.application())));
        return counts(delivery, counters, "", StatisticsChanges.of(event).totals());
    }

    private static List<Count> counts(
            Delivery delivery, Count.Counters counters, String prefix, Map<String, Long> amounts) {
        return amounts.entrySet().stream()
                .map(amount -> new Count(counters, delivery.offset(), prefix + amount.getKey(), amount.getValue()))
                .toList();
    }

    /** The name of an hour's sub-document: {@code 00} to {@code 23}. */
    static String hour(int hour) {
        return String.format(Locale.ROOT, "%02d", hour);
    }
}
