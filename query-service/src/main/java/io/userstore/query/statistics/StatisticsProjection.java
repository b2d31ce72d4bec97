package io.userstore.query.statistics;

import com.mongodb.client.MongoDatabase;
import io.userstore.api.event.PublishedEvent;
import io.userstore.query.mongo.BsonForm;
import io.userstore.query.projection.Attempts;
import io.userstore.query.projection.Count;
import io.userstore.query.projection.CounterDocuments;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.Skipped;
import io.userstore.query.projection.UserDocuments;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * Counts. An offset that a counter has counted is not counted again, and an event that the publisher sent twice (at two
 * offsets) is known by its number from {@code statistics_users}; which is therefore written after the counters: a
 * crash between the two must leave the event news, with counters that know its offset. What is added to totals is the
 * difference between how the user counted before the event, as it stands there, and how after.
 */
final class StatisticsProjection implements Projection {
    private final UserDocuments counted;
    private final CounterDocuments days;
    private final CounterDocuments groupDays;
    private final CounterDocuments totals;
    private final CounterDocuments groups;

    StatisticsProjection(MongoDatabase database, Generation generation) {
        this.counted = new UserDocuments(
                database.getCollection(generation.collection(StatisticsFields.COUNTED), BsonDocument.class),
                event -> CountedChanges.of(event.data()),
                document -> {});
        this.days = counters(database, generation.collection(StatisticsFields.DAYS));
        this.groupDays = counters(database, generation.collection(StatisticsFields.GROUP_DAYS));
        this.totals = counters(database, generation.collection(StatisticsFields.TOTALS));
        this.groups = counters(database, generation.collection(StatisticsFields.GROUPS));
    }

    private static CounterDocuments counters(MongoDatabase database, String collection) {
        return new CounterDocuments(database.getCollection(collection, BsonDocument.class));
    }

    @Override
    public boolean skip(Skipped event) {
        return counted.skip(event);
    }

    @Override
    public List<Delivery> apply(List<Delivery> batch) {
        List<Delivery> refused = new ArrayList<>();
        Attempts.untilTaken(() -> {
            Counts counts = new Counts();
            UserDocuments.Fold fold = counted.fold(batch, counts::add);
            refused.clear();
            refused.addAll(fold.refused());
            days.add(counts.days);
            groupDays.add(counts.groupDays);
            totals.add(counts.totals);
            groups.add(counts.groups);
            return counted.write(fold);
        });
        return refused;
    }

    /** The counts of one batch, by collection. */
    private static final class Counts {
        private final List<Count> days = new ArrayList<>();
        private final List<Count> groupDays = new ArrayList<>();
        private final List<Count> totals = new ArrayList<>();
        private final List<Count> groups = new ArrayList<>();

        void add(Delivery delivery, BsonDocument before) {
            addHourly(delivery);
            Counted.of(before)
                    .to(Counted.after(before, CountedChanges.of(delivery.event().data())))
                    .forEach(difference -> addOverall(delivery, difference));
        }

        private void addHourly(Delivery delivery) {
            PublishedEvent event = delivery.event();
            StatisticsChanges changes = StatisticsChanges.of(event);
            if (changes.hourly().isEmpty()) {
                return;
            }
            OffsetDateTime time = event.time().atOffset(ZoneOffset.UTC);
            String day = time.toLocalDate().toString();
            String prefix = hour(time.getHour()) + '.';
            String id = event.application() + '|' + day + "|p" + delivery.partition();
            BsonDocument labels = labels(event).append(StatisticsFields.DAY, new BsonString(day));
            days.addAll(counts(delivery, new Count.Counters(id, labels), prefix, changes.hourly()));
            groupDays.addAll(counts(delivery, ofGroup(id, labels, changes.group()), prefix, changes.hourly()));
        }

        private void addOverall(Delivery delivery, Counted.Difference difference) {
            String id = delivery.event().application() + "|p" + delivery.partition();
            BsonDocument labels = labels(delivery.event());
            totals.addAll(counts(delivery, new Count.Counters(id, labels), "", difference.totals()));
            groups.addAll(counts(delivery, ofGroup(id, labels, difference.group()), "", difference.totals()));
        }

        private static BsonDocument labels(PublishedEvent event) {
            return new BsonDocument(StatisticsFields.APPLICATION, new BsonString(event.application()));
        }

        /** A group's name stands last and behind a sign, so that no name looks like another document's id. */
        private static Count.Counters ofGroup(String id, BsonDocument labels, @Nullable String group) {
            return new Count.Counters(
                    id + '|' + (group == null ? "-" : '=' + group),
                    labels.clone().append(StatisticsFields.GROUP, BsonForm.text(group)));
        }

        private static List<Count> counts(
                Delivery delivery, Count.Counters counters, String prefix, Map<String, Long> amounts) {
            return amounts.entrySet().stream()
                    .map(amount -> new Count(counters, delivery.offset(), prefix + amount.getKey(), amount.getValue()))
                    .toList();
        }
    }

    /** The name of an hour's sub-document: {@code 00} to {@code 23}. */
    static String hour(int hour) {
        return String.format(Locale.ROOT, "%02d", hour);
    }
}
