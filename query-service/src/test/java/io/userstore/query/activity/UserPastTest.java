package io.userstore.query.activity;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.event.UserEvent.Proof;
import io.userstore.api.user.UserResource;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.Log;
import io.userstore.query.fixture.PlainFold;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.fixture.TestKeys;
import io.userstore.query.projection.Generation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserPastTest {
    private static final Generation GENERATION = new Generation("activity", 2, 1);

    private TestDatabase database;
    private ActivityProjection projection;
    private UserPast past;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        projection = new ActivityProjection(database.database(), GENERATION);
        past = new UserPast(database.database(), GENERATION, TestKeys::find);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** After each event of a random history, the user is what a plain fold of the events so far makes of it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void asOfAnyTimeAUserIsThePlainFoldOfTheEventsUntilThen(long seed) {
        History random = new RandomHistory(seed).tell(12);
        List<PublishedEvent> events = random.events();
        new Log(events).deliverBadlyTo(projection, new Random(seed));
        List<String> deleted = events.stream()
                .filter(event -> event.data() instanceof UserEvent.UserDeleted)
                .map(PublishedEvent::userId)
                .toList();

        for (int i = 0; i < events.size(); i++) {
            PublishedEvent event = events.get(i);
            if (!deleted.contains(event.userId())) {
                UserResource expected =
                        PlainFold.of(events.subList(0, i + 1)).users().get(event.userId());
                UUID id = UUID.fromString(event.userId());
                assertThat(past.asOf(random.application(), id, event.time())).contains(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void anyVersionOfAUserIsThePlainFoldOfTheEventsBeforeTheNext(long seed) {
        History random = new RandomHistory(seed).tell(12);
        List<PublishedEvent> events = random.events();
        new Log(events).deliverTo(projection);

        PlainFold.of(events).users().forEach((id, present) -> {
            for (long version = 1; version <= present.version(); version++) {
                long bound = version;
                List<PublishedEvent> before = events.stream()
                        .filter(event -> event.userId().equals(id))
                        .takeWhile(event -> event.type().stream() != EventStream.USER || event.sequence() <= bound)
                        .toList();
                assertThat(past.at(random.application(), UUID.fromString(id), version))
                        .contains(PlainFold.of(before).users().get(id));
            }
        });
    }

    @Test
    void beforeItsCreationAUserIsNotThereAndLaterThanTodayItIsAsToday() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").moved("b@example.com");
        PublishedEvent created = history.events().getFirst();
        new Log(history.events()).deliverTo(projection);
        String app = history.application();

        assertThat(past.asOf(app, ann.id(), created.time().minusMillis(1))).isEmpty();
        assertThat(past.asOf(app, ann.id(), created.time()).orElseThrow().email())
                .isEqualTo("ann@example.com");
        assertThat(past.asOf(app, ann.id(), Instant.parse("2999-01-01T00:00:00Z")))
                .isEqualTo(past.at(app, ann.id(), 2));
        assertThat(past.asOf("another", ann.id(), Instant.parse("2999-01-01T00:00:00Z")))
                .as("in another application there is no such user")
                .isEmpty();
        assertThat(past.at("another", ann.id(), 1)).isEmpty();
    }

    @Test
    void anImportedUserIsOlderThanItsEventsAndNotThereBeforeThem() {
        History history = History.ofSomeApplication();
        Instant since = Instant.parse("2019-03-01T09:00:00Z");
        History.Person ann =
                history.somebody().imported(History.profile("ann@example.com", null, null, null, Map.of()), since);
        new Log(history.events()).deliverTo(projection);

        UserResource user = past.at(history.application(), ann.id(), 1).orElseThrow();
        assertThat(user.createdAt()).isEqualTo(since);
        assertThat(user.emailVerified()).isTrue();
        assertThat(past.asOf(history.application(), ann.id(), since)).isEmpty();
    }

    @Test
    void aConfirmationIsPendingFailsAndIsGiven() {
        History history = History.ofSomeApplication();
        History.Person ann = history.somebody()
                .createdAndAskedToConfirm(History.profile("ann@example.com", null, null, null, Map.of()))
                .confirmationMailFailed()
                .askedFor(Proof.CONFIRMATION)
                .confirmed();
        new Log(history.events()).deliverTo(projection);

        assertThat(List.of(1, 2, 3, 4, 5, 6))
                .extracting(version ->
                        past.at(history.application(), ann.id(), version).orElseThrow())
                .extracting(user -> user.confirmation() + " " + user.validated())
                .containsExactly(
                        "pending false", "pending false", "failed false", "pending false", "null false", "null true");
    }

    @Test
    void ofADeletedUserThereIsNoPast() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").deleted();
        new Log(history.events()).deliverTo(projection);

        assertThat(past.at(history.application(), ann.id(), 1)).isEmpty();
        assertThat(past.asOf(history.application(), ann.id(), Instant.parse("2999-01-01T00:00:00Z")))
                .isEmpty();
    }
}
