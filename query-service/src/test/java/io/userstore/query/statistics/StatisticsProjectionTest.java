package io.userstore.query.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.Proof;
import io.userstore.api.user.UserResource;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.Log;
import io.userstore.query.fixture.PlainFold;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.projection.Generation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsProjectionTest {
    private static final Generation GENERATION = new Generation("statistics", 2, 1);

    private static final UserEvent.Profile JOHN = History.profile("john@example.com", null, "John", null, Map.of());

    private TestDatabase database;
    private StatisticsProjection projection;
    private StatisticsReads reads;
    private History history;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        projection = new StatisticsProjection(database.database(), GENERATION);
        reads = new StatisticsReads(database.database(), GENERATION);
        history = History.ofSomeApplication();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void totalsFollowEveryChangeOfAUsersState() {
        history.aUserCalled("ann");
        history.aUserCalled("bob").deactivated();
        history.aUserCalled("cyd").deactivated().activated();
        history.aUserCalled("dan").deleted();
        history.aUserCalled("eve").deactivated().deleted();
        new Log(history.events()).deliverTo(projection);

        assertThat(reads.totals(history.application())).isEqualTo(new Statistics.Totals(3, 2, 0, 0));
    }

    @Test
    void verifiedAndPendingFollowEveryProof() {
        history.aUserCalled("ann").askedFor(Proof.VERIFICATION).verified().verified();
        history.aUserCalled("bob").verified().moved("bob@example.org");
        history.aUserCalled("cyd").verified().deleted();
        history.somebody().createdAndAskedToConfirm(JOHN);
        history.somebody().createdAndAskedToConfirm(JOHN).confirmationMailFailed();
        history.somebody().createdAndAskedToConfirm(JOHN).verified();
        history.somebody().createdAndAskedToConfirm(JOHN).confirmationMailSent().confirmed();
        history.somebody().createdAndAskedToConfirm(JOHN).deleted();
        new Log(history.events()).deliverTo(projection);

        assertThat(reads.totals(history.application())).isEqualTo(new Statistics.Totals(6, 3, 3, 3));
    }

    @Test
    void aUserWhoIsDeactivatedWhileInactiveCountsNoLess() {
        History.Person ann =
                history.somebody().createdAndAskedToConfirm(JOHN).deactivated().deactivated();
        history.somebody().createdAndAskedToConfirm(JOHN).deactivated().deleted();
        history.aUserCalled("cyd");
        new Log(history.events()).deliverTo(projection);
        assertThat(reads.totals(history.application())).isEqualTo(new Statistics.Totals(2, 1, 0, 1));

        ann.activated();
        new Log(history.events()).deliverTo(projection);
        assertThat(reads.totals(history.application())).isEqualTo(new Statistics.Totals(2, 2, 0, 1));
    }

    @Test
    void aUserWhoMovesTakesWhatItCountsForToTheOtherGroup() {
        History.Person ann = history.somebody().created(JOHN, "cadets", true).verified();
        history.somebody().created(JOHN, "cadets", false);
        history.aUserCalled("cyd");
        new Log(history.events()).deliverTo(projection);
        assertThat(groups(null, 10).groups())
                .containsExactly(
                        new Statistics.OfGroup("cadets", 2, 1, 1, 0), new Statistics.OfGroup(null, 1, 1, 0, 0));

        ann.updated(JOHN, "officers", "group");
        new Log(history.events()).deliverTo(projection);
        assertThat(groups(null, 10).groups())
                .containsExactly(
                        new Statistics.OfGroup("cadets", 1, 0, 0, 0),
                        new Statistics.OfGroup("officers", 1, 1, 1, 0),
                        new Statistics.OfGroup(null, 1, 1, 0, 0));

        ann.updated(JOHN, null, "group").deleted();
        new Log(history.events()).deliverTo(projection);
        assertThat(groups(null, 10).groups())
                .as("a group that nobody is in any more is not told of")
                .containsExactly(
                        new Statistics.OfGroup("cadets", 1, 0, 0, 0), new Statistics.OfGroup(null, 1, 1, 0, 0));
        assertThat(reads.totals(history.application(), new Statistics.Group("cadets")))
                .isEqualTo(new Statistics.Totals(1, 0, 0, 0));
        assertThat(reads.totals(history.application(), Statistics.Group.NONE))
                .isEqualTo(new Statistics.Totals(1, 1, 0, 0));
    }

    @Test
    void thePagesOfGroupsAreTheListOfGroupsOnce() {
        List<String> names = List.of("-", "=a", "A|p1", "a", "a|p1", "ä", "😀");
        for (int round = 0; round < 3; round++) {
            names.forEach(name -> history.somebody().created(JOHN, name, true));
        }
        history.aUserCalled("ann");
        new Log(history.events()).deliverTo(projection);

        List<String> told = new ArrayList<>();
        @Nullable String after = null;
        do {
            Statistics.GroupPage page = groups(after, 2);
            assertThat(page.groups()).hasSizeLessThanOrEqualTo(2).isNotEmpty();
            page.groups().forEach(group -> told.add(group.group()));
            after = page.after();
        } while (after != null);

        assertThat(told).containsExactly("-", "=a", "A|p1", "a", "a|p1", "ä", "😀", null);
        assertThat(groups("😀", 1).groups()).containsExactly(new Statistics.OfGroup(null, 1, 1, 0, 0));
        assertThat(groups("a", 1).groups()).containsExactly(new Statistics.OfGroup("a|p1", 3, 3, 0, 0));
        assertThat(groups(null, 8).after())
                .as("the last page has none behind it")
                .isNull();
    }

    private Statistics.GroupPage groups(@Nullable String after, int limit) {
        return reads.groups(history.application(), after, limit);
    }

    @Test
    void anImportedUserWhoseAddressIsVerifiedCountsAsVerifiedUntilDeleted() {
        history.somebody()
                .imported(
                        History.profile("ann@example.com", "ann", null, null, Map.of()),
                        Instant.parse("2019-03-01T09:00:00Z"));
        new Log(history.events()).deliverTo(projection);

        assertThat(reads.totals(history.application())).isEqualTo(new Statistics.Totals(1, 1, 1, 0));
    }

    /** A login an hour, a day, a week and a month after the one before, counted per interval. */
    @ParameterizedTest
    @CsvSource({
        "2026-03-04T10:59:00Z, 2026-03-04T10:59:30Z, 1, 1, 1, 1",
        "2026-03-04T10:59:00Z, 2026-03-04T11:00:30Z, 2, 1, 1, 1",
        "2026-03-04T23:59:00Z, 2026-03-05T00:00:30Z, 2, 2, 1, 1",
        "2026-03-08T23:59:00Z, 2026-03-09T00:00:30Z, 2, 2, 2, 1",
        "2026-03-31T23:59:00Z, 2026-04-01T00:00:30Z, 2, 2, 1, 2",
        "2026-12-31T23:59:00Z, 2027-01-01T00:00:30Z, 2, 2, 1, 2",
    })
    void aUserIsUniqueOncePerInterval(
            String first, String second, long perHour, long perDay, long perWeek, long perMonth) {
        history.at("2026-02-01T00:00:00Z").aUserCalled("ann");
        History.Person bob = history.aUserCalled("bob");
        history.at(first);
        bob.signedIn("192.0.2.1");
        history.at(second);
        bob.signedIn("192.0.2.1");
        new Log(history.events()).deliverTo(projection);

        assertThat(uniqueLogins(Interval.HOUR)).isEqualTo(perHour);
        assertThat(uniqueLogins(Interval.DAY)).isEqualTo(perDay);
        assertThat(uniqueLogins(Interval.WEEK)).isEqualTo(perWeek);
        assertThat(uniqueLogins(Interval.MONTH)).isEqualTo(perMonth);
    }

    private long uniqueLogins(Interval interval) {
        Instant from = Instant.parse("2026-03-04T00:00:00Z");
        Instant to = Instant.parse("2027-01-02T00:00:00Z");
        return reads.series(history.application(), null, from, to, interval).points().stream()
                .mapToLong(Statistics.Point::uniqueLogins)
                .sum();
    }

    @Test
    void aSeriesHasAPointForEveryIntervalAlsoWhereNothingHappened() {
        history.at("2026-03-02T10:30:00Z").aUserCalled("ann").failedToSignIn("192.0.2.1");
        new Log(history.events()).deliverTo(projection);

        Statistics.Series series = reads.series(
                history.application(),
                null,
                Instant.parse("2026-03-02T09:15:00Z"),
                Instant.parse("2026-03-02T11:30:00Z"),
                Interval.HOUR);

        assertThat(series.from()).isEqualTo("2026-03-02T09:00:00Z");
        assertThat(series.to()).isEqualTo("2026-03-02T12:00:00Z");
        assertThat(series.points())
                .containsExactly(
                        new Statistics.Point(Instant.parse("2026-03-02T09:00:00Z"), 0, 0, 0, 0, 0),
                        new Statistics.Point(Instant.parse("2026-03-02T10:00:00Z"), 1, 0, 1, 0, 0),
                        new Statistics.Point(Instant.parse("2026-03-02T11:00:00Z"), 0, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void howeverTheLogIsDeliveredTheCountsAreThoseOfAPlainFold(long seed) {
        History random = new RandomHistory(seed).tell(30);
        Log log = new Log(random.events());
        log.deliverBadlyTo(projection, new Random(seed));
        Map<String, BsonDocument> days = database.documents(GENERATION.collection(StatisticsFields.DAYS));
        Map<String, BsonDocument> totals = database.documents(GENERATION.collection(StatisticsFields.TOTALS));
        Map<String, BsonDocument> groupDays = database.documents(GENERATION.collection(StatisticsFields.GROUP_DAYS));
        Map<String, BsonDocument> groups = database.documents(GENERATION.collection(StatisticsFields.GROUPS));

        assertPlainFold(random);
        log.deliverBadlyTo(new StatisticsProjection(database.database(), GENERATION), new Random(seed + 100));

        assertThat(database.documents(GENERATION.collection(StatisticsFields.DAYS)))
                .isEqualTo(days);
        assertThat(database.documents(GENERATION.collection(StatisticsFields.TOTALS)))
                .isEqualTo(totals);
        assertThat(database.documents(GENERATION.collection(StatisticsFields.GROUP_DAYS)))
                .isEqualTo(groupDays);
        assertThat(database.documents(GENERATION.collection(StatisticsFields.GROUPS)))
                .isEqualTo(groups);
    }

    @Test
    void whatThePublisherSendsTwiceCountsOnce() {
        History random = new RandomHistory(9).tell(10);
        List<PublishedEvent> twice = new ArrayList<>(random.events());
        twice.addAll(random.events());
        new Log(twice).deliverBadlyTo(projection, new Random(1));

        assertPlainFold(random);
    }

    @Test
    void aCrashBetweenCountersAndTheNumbersOfUsersCountsNothingTwice() {
        History random = new RandomHistory(10).tell(10);
        Log log = new Log(random.events());
        log.deliverTo(projection);
        database.database()
                .getCollection(GENERATION.collection(StatisticsFields.COUNTED))
                .drop();

        log.deliverTo(projection);

        assertPlainFold(random);
    }

    @Test
    void nothingPersonalIsEverWritten() {
        new Log(new RandomHistory(3).tell(10).events()).deliverTo(projection);

        assertThat(database.dump())
                .doesNotContainIgnoringCase(RandomHistory.MARK)
                .doesNotContain("example")
                .doesNotContain("Person");
    }

    private void assertPlainFold(History told) {
        PlainFold expected = PlainFold.of(told.events());
        Statistics.Series series = reads.series(
                told.application(),
                null,
                Instant.parse("2026-02-01T00:00:00Z"),
                Instant.parse("2028-01-01T00:00:00Z"),
                Interval.DAY);
        for (Statistics.Point point : series.points()) {
            String day = point.time().toString().substring(0, 10);
            Map<String, Long> counters = expected.counters();
            assertThat(point)
                    .isEqualTo(new Statistics.Point(
                            point.time(),
                            counters.getOrDefault(day + " joins", 0L),
                            counters.getOrDefault(day + " logins", 0L),
                            counters.getOrDefault(day + " failed_logins", 0L),
                            counters.getOrDefault(day + " deletions", 0L),
                            expected.uniqueLogins(day)));
        }
        long active =
                expected.users().values().stream().filter(user -> user.active()).count();
        long verified = expected.users().values().stream()
                .filter(user -> user.emailVerified())
                .count();
        long pending = expected.users().values().stream()
                .filter(user -> user.confirmation() != null)
                .count();
        assertThat(reads.totals(told.application()))
                .isEqualTo(new Statistics.Totals(expected.users().size(), active, verified, pending));
        assertThat(reads.groups(told.application(), null, 1_000).groups())
                .containsExactlyInAnyOrderElementsOf(groupsOf(expected));
        assertGroupsAddUp(told.application(), series);
    }

    private static List<Statistics.OfGroup> groupsOf(PlainFold expected) {
        Map<Optional<String>, List<UserResource>> byGroup = expected.users().values().stream()
                .collect(Collectors.groupingBy(user -> Optional.ofNullable(user.group())));
        return byGroup.entrySet().stream()
                .map(group -> new Statistics.OfGroup(
                        group.getKey().orElse(null),
                        group.getValue().size(),
                        group.getValue().stream().filter(UserResource::active).count(),
                        group.getValue().stream()
                                .filter(UserResource::emailVerified)
                                .count(),
                        group.getValue().stream()
                                .filter(user -> user.confirmation() != null)
                                .count()))
                .toList();
    }

    /** The series of all groups together are the series of everybody. */
    private void assertGroupsAddUp(String application, Statistics.Series all) {
        Map<Instant, Long> joins = new HashMap<>();
        Map<Instant, Long> logins = new HashMap<>();
        for (@Nullable String group : Arrays.asList(null, "group0", "group1", "group2")) {
            reads.series(application, new Statistics.Group(group), all.from(), all.to(), Interval.DAY)
                    .points()
                    .forEach(point -> {
                        joins.merge(point.time(), point.joins(), Long::sum);
                        logins.merge(point.time(), point.logins(), Long::sum);
                    });
        }
        all.points().forEach(point -> {
            assertThat(joins).containsEntry(point.time(), point.joins());
            assertThat(logins).containsEntry(point.time(), point.logins());
        });
    }
}
