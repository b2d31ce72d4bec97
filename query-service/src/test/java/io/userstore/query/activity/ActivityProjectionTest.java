package io.userstore.query.activity;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.Log;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.fixture.TestKeys;
import io.userstore.query.projection.Generation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivityProjectionTest {
    private static final Generation GENERATION = new Generation("activity", 2, 1);

    private TestDatabase database;
    private ActivityProjection projection;
    private ActivityReads reads;
    private History history;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        projection = new ActivityProjection(database.database(), GENERATION);
        reads = new ActivityReads(database.database(), GENERATION, TestKeys::find);
        history = History.ofSomeApplication();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyEventIsAnEntryThatSaysWhatChangedOrFromWhere() {
        History.Person ann = history.aUserCalled("ann")
                .updated(History.profile(null, null, "A", "B", Map.of()), "g", "last_name", "first_name", "group")
                .renamed("anna")
                .moved(null)
                .changedPassword()
                .deactivated()
                .activated()
                .signedIn("192.0.2.1")
                .failedToSignIn("192.0.2.2")
                .signedOut(null)
                .linked("google", "1234-Ab")
                .relinked("google", "1234-Cd")
                .unlinked("google")
                .locked();
        new Log(history.events()).deliverTo(projection);

        assertThat(entries(history, ann.id()))
                .extracting(entry -> entry.type() + " " + entry.version() + "/" + entry.loginSequence() + " "
                        + entry.changed() + " " + entry.address() + " " + entry.keyId() + " " + entry.requestId())
                .containsExactly(
                        "user.locked null/4 null null key_test request-4",
                        "user.auth-provider-unlinked 10/null [auth_providers.google] null key_test request-10",
                        "user.auth-provider-updated 9/null [auth_providers.google] null key_test request-9",
                        "user.auth-provider-linked 8/null [auth_providers.google] null key_test request-8",
                        "user.signed-out null/3 null null key_test request-3",
                        "user.login-failed null/2 null 192.0.2.2 key_test request-2",
                        "user.login-recorded null/1 null 192.0.2.1 key_test request-1",
                        "user.activated 7/null [is_active] null key_test request-7",
                        "user.deactivated 6/null [is_active] null key_test request-6",
                        "user.password-changed 5/null [password] null key_test request-5",
                        "user.email-changed 4/null [email] null key_test request-4",
                        "user.username-changed 3/null [username] null key_test request-3",
                        "user.profile-updated 2/null [first_name, group, last_name] null key_test request-2",
                        "user.created 1/null null null key_test request-1");
    }

    @Test
    void everyEntryTellsOldAndNewButNothingSecret() {
        History.Person ann = history.somebody()
                .created(
                        History.profile("a@x.example", "ann", null, null, Map.of("age", 24, "$a.b", "c")),
                        "cadets",
                        true)
                .updated(
                        History.profile("a@x.example", "ann", "Ann", null, Map.of("age", 25, "color", "Blue")),
                        null,
                        "first_name",
                        "group",
                        "extra")
                .verified()
                .moved("b@x.example")
                .changedPassword()
                .signedIn("192.0.2.1")
                .deactivated()
                .linked("google", "1234-Ab")
                .relinked("google", "1234-Cd")
                .unlinked("google");
        new Log(history.events()).deliverTo(projection);

        assertThat(entries(history, ann.id()).reversed())
                .extracting(ActivityProjectionTest::told)
                .containsExactly(
                        "user.created [email: null -> a@x.example, extra.$a.b: null -> c, extra.age: null -> 24,"
                                + " group: null -> cadets, is_active: null -> true, is_email_verified: null -> false,"
                                + " username: null -> ann]",
                        "user.profile-updated [extra.$a.b: c -> null, extra.age: 24 -> 25, extra.color: null -> Blue,"
                                + " first_name: null -> Ann, group: cadets -> null]",
                        "user.email-verified [is_email_verified: false -> true]",
                        "user.email-changed [email: a@x.example -> b@x.example, is_email_verified: true -> false]",
                        "user.password-changed null",
                        "user.login-recorded null",
                        "user.deactivated [is_active: true -> false]",
                        "user.auth-provider-linked [auth_providers.google.client_id: null -> 1234-Ab]",
                        "user.auth-provider-updated [auth_providers.google.client_id: 1234-Ab -> 1234-Cd]",
                        "user.auth-provider-unlinked [auth_providers.google.client_id: 1234-Cd -> null]");
    }

    @Test
    void aPageFarBackTellsTheSameAsTheWholeList() {
        History.Person ann = history.aUserCalled("ann");
        for (int i = 0; i < 9; i++) {
            ann.moved("a" + i + "@x.example").signedIn("192.0.2.1");
        }
        new Log(history.events()).deliverTo(projection);
        List<ActivityEntry> all = entries(history, ann.id());

        List<ActivityEntry> page = reads.of(
                        history.application(), ann.id(), 4, all.get(9).position(), null)
                .entries();

        assertThat(page).isEqualTo(all.subList(10, 14));
    }

    @Test
    void whatIsPersonalStandsInOneFieldOfTheDocument() {
        History.Person ann = history.aUserCalled("ann")
                .updated(History.profile(null, null, "Firstann", "Lastann", Map.of("k", "ann")), "g", "extra")
                .moved("ann@example.org")
                .signedIn("192.0.2.1")
                .linked("google", "ann-client");
        new Log(history.events()).deliverTo(projection);

        assertThat(database.documents(GENERATION.collection(ActivityFields.COLLECTION)))
                .hasSize(5);
        database.documents(GENERATION.collection(ActivityFields.COLLECTION))
                .values()
                .forEach(document -> {
                    assertThat(document.isString(ActivityFields.PERSONAL)).isTrue();
                    document.remove(ActivityFields.PERSONAL);
                    assertThat(document.toJson()).doesNotContain("ann").doesNotContain("192.0.2.1");
                });
        assertThat(entries(history, ann.id())).hasSize(5);
    }

    private static String told(ActivityEntry entry) {
        List<FieldChange> changes = entry.changes();
        return entry.type() + " "
                + (changes == null
                        ? null
                        : changes.stream()
                                .map(change -> change.field() + ": " + change.before() + " -> " + change.after())
                                .toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void howeverTheLogIsDeliveredEachEventIsOneEntry(long seed) {
        History random = new RandomHistory(seed).tell(25);
        Log log = new Log(random.events());
        log.deliverBadlyTo(projection, new Random(seed));
        Map<String, BsonDocument> first = database.documents(GENERATION.collection(ActivityFields.COLLECTION));

        Map<String, List<PublishedEvent>> byUser =
                random.events().stream().collect(Collectors.groupingBy(PublishedEvent::userId));
        byUser.forEach((user, events) -> {
            if (events.stream().noneMatch(event -> event.type().catalogName().equals("user.deleted"))) {
                assertThat(entries(random, UUID.fromString(user)))
                        .extracting(ActivityEntry::position)
                        .isEqualTo(events.stream()
                                .map(PublishedEvent::position)
                                .sorted(Comparator.reverseOrder())
                                .toList());
            }
        });
        log.deliverBadlyTo(projection, new Random(seed + 100));
        assertThat(database.documents(GENERATION.collection(ActivityFields.COLLECTION)))
                .isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void ofADeletedUserOnlyTheDeletionIsLeft(long seed) {
        History random = new RandomHistory(seed).tell(25);
        new Log(random.events()).deliverBadlyTo(projection, new Random(seed));

        assertThat(database.dump()).doesNotContainIgnoringCase(RandomHistory.MARK);
        random.events().stream()
                .filter(event -> event.type().catalogName().equals("user.deleted"))
                .forEach(deletion -> assertThat(entries(random, UUID.fromString(deletion.userId())))
                        .extracting(ActivityEntry::type)
                        .containsExactly("user.deleted"));
    }

    @Test
    void aWriterThatWasThoughtDeadBringsNothingBack() {
        History.Person ann = history.aUserCalled("ann").signedIn("192.0.2.1").deleted();
        Log log = new Log(history.events());
        log.deliverTo(projection);

        projection.apply(log.all().stream()
                .filter(delivery -> delivery.event().type().stream() == EventStream.SIGN_INS)
                .toList());

        assertThat(entries(history, ann.id())).hasSize(1);
    }

    @Test
    void pagesGoBothWays() {
        History.Person ann = history.aUserCalled("ann");
        for (int i = 0; i < 9; i++) {
            ann.signedIn("192.0.2." + i);
        }
        new Log(history.events()).deliverTo(projection);

        ActivityReads.Page first = reads.of(history.application(), ann.id(), 4, null, null);
        ActivityReads.Page second = reads.of(history.application(), ann.id(), 4, first.after(), null);
        ActivityReads.Page third = reads.of(history.application(), ann.id(), 4, second.after(), null);
        ActivityReads.Page back = reads.of(history.application(), ann.id(), 4, null, third.before());

        assertThat(first.before()).isNull();
        assertThat(third.after()).isNull();
        assertThat(third.entries()).hasSize(2);
        assertThat(back).isEqualTo(second);
        assertThat(first.totalCount()).isEqualTo(10);
    }

    private List<ActivityEntry> entries(History of, UUID user) {
        return reads.of(of.application(), user, 1_000, null, null).entries();
    }
}
