package io.userstore.query.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.Proof;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.Log;
import io.userstore.query.fixture.PlainFold;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsProjectionTest {
    private static final UserEvent.Profile JOHN = History.profile("john@example.com", null, "John", null, Map.of());

    private TestDatabase database;
    private StatisticsProjection projection;
    private StatisticsReads reads;
    private History history;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        projection = new StatisticsProjection(database.database());
        reads = new StatisticsReads(database.database());
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
        return reads.series(history.application(), from, to, interval).points().stream()
                .mapToLong(Statistics.Point::uniqueLogins)
                .sum();
    }

    @Test
    void aSeriesHasAPointForEveryIntervalAlsoWhereNothingHappened() {
        history.at("2026-03-02T10:30:00Z").aUserCalled("ann").failedToSignIn("192.0.2.1");
        new Log(history.events()).deliverTo(projection);

        Statistics.Series series = reads.series(
                history.application(),
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
        Map<String, BsonDocument> days = database.documents(StatisticsFields.DAYS);
        Map<String, BsonDocument> totals = database.documents(StatisticsFields.TOTALS);

        assertPlainFold(random);
        log.deliverBadlyTo(new StatisticsProjection(database.database()), new Random(seed + 100));

        assertThat(database.documents(StatisticsFields.DAYS)).isEqualTo(days);
        assertThat(database.documents(StatisticsFields.TOTALS)).isEqualTo(totals);
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
        database.database().getCollection(StatisticsFields.COUNTED).drop();

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
    }
}
