package io.userstore.query.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.query.fixture.FaultyMongo;
import io.userstore.query.fixture.FaultyMongo.Fault;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.TestDatabase;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets MongoDB fail at each place that a read comes to, in each way: the answer is 503, or the same as without the fault, and never
 * a part of it or an error of ours. After SQLite's tests of I/O errors.
 */
class ReadFaultsTest {
    private static final Set<String> READS_BESIDE_FIND = Set.of("getMore", "count", "aggregate");
    /** What the service looks at by itself, again and again. */
    private static final Set<String> LOOKED_AT = Set.of("progress", "projections");

    private static FaultyMongo mongo;
    private static QueryServer server;
    private static History history;
    private static History.Person ann;

    @BeforeAll
    static void start() {
        mongo = FaultyMongo.start();
        server = QueryServer.startWith(mongo.uri(), TestDatabase.newName());
        history = History.ofSomeApplication();
        ann = history.somebody()
                .created(History.profile("ann@example.com", "ann", "Ann", "Lee", Map.of()), "staff", true)
                .signedIn("127.0.0.1")
                .renamed("anna")
                .linked("google", "4711");
        for (int i = 0; i < 150; i++) {
            history.somebody()
                    .created(History.profile("mail" + i + "@example.com", null, "F", "L", Map.of()), "staff", true);
            ann.signedIn("127.0.0.1");
        }
        server.publish(history.events());
        server.awaitApplied();
    }

    @AfterAll
    static void stop() {
        server.close();
        mongo.close();
    }

    private static boolean isOfARead(BsonDocument command) {
        String name = command.getFirstKey();
        if (!name.equals("find")) {
            return READS_BESIDE_FIND.contains(name);
        }
        BsonDocument filter = command.getDocument("filter", new BsonDocument());
        boolean byItself = filter.isEmpty() && LOOKED_AT.contains(FaultyMongo.subject(command));
        return !byItself && !FaultyMongo.isReadOfTheIntake(command);
    }

    /** A kind of read. */
    private enum Kind {
        BY_ID("/1/users/{ann}"),
        BY_EMAIL("/1/users/ann@example.com?query_by=email"),
        BY_USERNAME("/1/users/anna?query_by=username"),
        PAST("/1/users/{ann}?version=1"),
        FIRST_PAGE("/1/users?limit=2"),
        NEXT_PAGE("/1/users?limit=2&sort=email&after={cursor}"),
        PAGE_BEFORE("/1/users?limit=2&before={cursor}"),
        FILTERED("/1/users?limit=100&group=staff&q=mail"),
        STATISTICS("/1/stats?from=2026-02-01T00:00:00Z&to=2026-04-01T00:00:00Z"),
        GROUPS("/1/stats/groups"),
        OF_A_GROUP("/1/stats?group=staff&from=2026-02-01T00:00:00Z&to=2026-04-01T00:00:00Z"),
        ACTIVITY("/1/users/{ann}/activity?limit=100"),
        PERSON("/1/users/{ann}/export"),
        EXPORT("/1/users/export");

        private final String path;

        Kind(String path) {
            this.path = path;
        }

        /** Whether the answer has begun before all is read. */
        private boolean isStreamed() {
            return this == EXPORT || this == PERSON;
        }
    }

    /** After these the driver takes a second to find the server again, so they are for one read of each shape. */
    private static final Set<Fault> SLOW = EnumSet.of(Fault.LOST_AFTER, Fault.SHUTTING_DOWN);

    private static final Set<Kind> OF_EACH_SHAPE = EnumSet.of(Kind.BY_ID, Kind.EXPORT);

    static Stream<Arguments> everything() {
        Set<Fault> faults = EnumSet.of(Fault.OVER_TIME, Fault.DISK_FULL);
        faults.addAll(SLOW);
        return Arrays.stream(Kind.values())
                .flatMap(kind -> faults.stream()
                        .filter(fault -> !SLOW.contains(fault) || OF_EACH_SHAPE.contains(kind))
                        .map(fault -> Arguments.of(kind, fault)));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void aFaultThatLastsIsAnsweredWith503AndNothingElse(Kind kind, Fault fault) {
        String path = path(kind);
        String whole = whole(path);
        Optional<String> failed = Optional.of("");
        for (int place = 1; failed.isPresent(); place++) {
            mongo.failFrom(ReadFaultsTest::isOfARead, place, fault);
            Optional<QueryServer.Answer> answer = ask(path, kind);
            failed = mongo.heal();
            String where = "%s from command %d on, %s: %s"
                    .formatted(
                            fault,
                            place,
                            failed.orElse("none"),
                            answer.map(QueryServer.Answer::body).orElse("broken off"));
            if (failed.isEmpty()) {
                assertThat(place).as(where).isGreaterThan(1);
                assertThat(comparable(answer.orElseThrow())).as(where).isEqualTo(whole);
            } else {
                answer.ifPresent(given -> assertUnavailable(given, where));
                assertThat(whole(path)).as("afterwards; " + where).isEqualTo(whole);
            }
        }
    }

    private static void assertUnavailable(QueryServer.Answer answer, String where) {
        assertThat(answer.status()).as(where).isEqualTo(503);
        assertThat(answer.json().get("error").asString()).as(where).isEqualTo("unavailable");
        assertThat(answer.header("Retry-After")).as(where).isNotEmpty();
    }

    private static String path(Kind kind) {
        String path = kind.path.replace("{ann}", ann.id().toString());
        return path.contains("{cursor}") ? path.replace("{cursor}", cursor()) : path;
    }

    private static String cursor() {
        return server.get(history.application(), "/1/users?limit=5")
                .json()
                .at("/paging/after")
                .asString();
    }

    /** The answer without a fault, once MongoDB is found again. */
    private static String whole(String path) {
        return comparable(await().atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .until(
                        () -> server.get(history.application(), path, "Consistency-Token", ann.token()),
                        answer -> answer.status() == 200));
    }

    /** Places in links are sealed anew each time. */
    private static String comparable(QueryServer.Answer answer) {
        return answer.body().replaceAll("place=[\\w.-]+", "place=");
    }

    /** Empty when an answer that had begun was broken off. */
    private static Optional<QueryServer.Answer> ask(String path, Kind kind) {
        try {
            return Optional.of(server.get(history.application(), path, "Consistency-Token", ann.token()));
        } catch (UncheckedIOException e) {
            if (kind.isStreamed()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
