package io.userstore.query.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent.Proof;
import io.userstore.api.user.UserResource;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.Log;
import io.userstore.query.fixture.PlainFold;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.fixture.TestKeys;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Generation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersProjectionTest {
    private static final Generation GENERATION = new Generation("users", 1, 1);

    private TestDatabase database;
    private UsersProjection projection;
    private UserReads reads;
    private History history;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        projection = new UsersProjection(database.database(), GENERATION);
        reads = new UserReads(database.database(), GENERATION, new SealedPlaces(TestKeys.MASTERS));
        history = History.ofSomeApplication();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aCreatedUserIsADocumentWithEverythingThatReadsLookFor() {
        History.Person john = history.somebody()
                .created(
                        History.profile(
                                "John@Example.COM", "Jöhn", "John", null, Map.of("b.c", 1, "$a", "x", "d", 2.5)),
                        "cadets",
                        true);
        new Log(history.events()).deliverTo(projection);

        BsonDocument expected = BsonDocument.parse("""
                {"_id": "%s", "version": {"$numberLong": "1"}, "login_sequence": {"$numberLong": "0"}, "application": "%s",
                 "email": "John@Example.COM", "email_key": "john@example.com", "email_verified": false,
                 "username": "Jöhn", "username_key": "jöhn", "first_name": "John", "last_name": null,
                 "group": "cadets",
                 "extra": [{"k": "$a", "v": "x"}, {"k": "b.c", "v": 1}, {"k": "d", "v": 2.5}],
                 "active": true, "confirmation": null, "last_signin": {"$date": "1970-01-01T00:00:00Z"},
                 "created_at": {"$date": "2026-03-01T08:00:00.130Z"},
                 "updated_at": {"$date": "2026-03-01T08:00:00.130Z"},
                 "search": ["john@example.com", "jöhn", "john"]}
                """.formatted(john.id(), history.application()));
        assertThat(withoutPlace(document(john))).isEqualTo(expected);
    }

    @Test
    void anImportedUserKeepsSinceWhenAndWhetherVerified() {
        Instant since = Instant.parse("2019-03-01T09:00:00Z");
        History.Person ann =
                history.somebody().imported(History.profile("ann@example.com", "ann", null, null, Map.of()), since);
        new Log(history.events()).deliverTo(projection);

        assertThat(reads.byId(history.application(), ann.id())).hasValueSatisfying(user -> {
            assertThat(user.createdAt()).isEqualTo(since);
            assertThat(user.updatedAt()).isAfter(since);
            assertThat(user.emailVerified()).isTrue();
        });
    }

    @Test
    void everyEventChangesItsFieldsAndTheTimeOfTheUpdate() {
        History.Person ann = history.aUserCalled("ann");
        ann.updated(History.profile("ann@example.com", "ann", "Anna", null, Map.of("x", true)), "staff", "first_name");
        assertFoldOf(ann);
        ann.renamed("Annie");
        assertFoldOf(ann);
        ann.moved("annie@example.com");
        assertFoldOf(ann);
        ann.changedPassword();
        assertFoldOf(ann);
        ann.deactivated();
        assertFoldOf(ann);
        ann.activated();
        assertFoldOf(ann);
        ann.signedIn("192.0.2.1").failedToSignIn("192.0.2.1").signedOut("192.0.2.1");
        assertFoldOf(ann);
        ann.renamed(null).moved(null);
        assertFoldOf(ann);
        assertThat(document(ann).getArray("search").getValues())
                .extracting(value -> value.asString().getValue())
                .containsExactly("anna");
    }

    @Test
    void verificationAndConfirmationShowInTheUser() {
        History.Person ann = history.somebody()
                .createdAndAskedToConfirm(History.profile("ann@example.com", null, null, null, Map.of()));
        assertFoldOf(ann);
        assertThat(document(ann).getString("confirmation").getValue()).isEqualTo("pending");
        ann.confirmationMailFailed();
        assertFoldOf(ann);
        ann.askedFor(Proof.CONFIRMATION).confirmationMailSent();
        assertFoldOf(ann);
        ann.confirmed();
        assertFoldOf(ann);
        assertThat(reads.byId(history.application(), ann.id()).orElseThrow().validated())
                .isTrue();
        ann.forgotPassword();
        assertFoldOf(ann);
    }

    @Test
    void aPendingUserWhoIsDeactivatedStaysPendingAndInactive() {
        History.Person ann = history.somebody()
                .createdAndAskedToConfirm(History.profile("ann@example.com", null, null, null, Map.of()))
                .deactivated();
        assertFoldOf(ann);
        assertThat(reads.byId(history.application(), ann.id())).hasValueSatisfying(user -> {
            assertThat(user.active()).isFalse();
            assertThat(user.confirmation()).isEqualTo("pending");
        });
    }

    @Test
    void aLinkIsFoundWhileItIsThereAndNoLonger() {
        History.Person ann =
                history.aUserCalled("ann").linked("google", "1234-Ab").linked("face_book", "5:6");
        assertFoldOf(ann);
        assertThat(linkedTo("google", "1234-Ab")).containsExactly(ann.id().toString());
        assertThat(linkedTo("google", "1234-ab")).isEmpty();
        assertThat(linkedTo("face_book", "5:6")).containsExactly(ann.id().toString());
        ann.relinked("google", "1234-Cd").unlinked("face_book").locked();
        assertFoldOf(ann);
        assertThat(linkedTo("google", "1234-Ab")).isEmpty();
        assertThat(linkedTo("google", "1234-Cd")).containsExactly(ann.id().toString());
        assertThat(linkedTo("face_book", "5:6")).isEmpty();
        ann.unlinked("google");
        assertFoldOf(ann);
        assertThat(document(ann)).doesNotContainKeys("links", "link_of_google", "link_of_face_book");
    }

    private List<String> linkedTo(String provider, String clientId) {
        UserFilter filter = new UserFilter(
                null, null, null, null, null, null, null, null, new UserFilter.Identity(provider, clientId));
        UserQuery query = new UserQuery(history.application(), filter, UserOrder.CREATED_AT, 10, null, null, null);
        return reads.list(query).orElseThrow().users().stream()
                .map(UserResource::id)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void howeverTheLogIsDeliveredTheDocumentsAreThoseOfAPlainFold(long seed) {
        History random = new RandomHistory(seed).tell(30);
        Log log = new Log(random.events());
        log.deliverBadlyTo(projection, new Random(seed));
        Map<String, BsonDocument> first = database.documents(GENERATION.collection(UserFields.COLLECTION));
        Map<String, BsonDocument> firstTotals = database.documents(GENERATION.collection(UserFields.TOTALS));

        assertPlainFold(random);
        log.deliverBadlyTo(new UsersProjection(database.database(), GENERATION), new Random(seed + 100));

        assertThat(database.documents(GENERATION.collection(UserFields.COLLECTION)))
                .isEqualTo(first);
        assertThat(database.documents(GENERATION.collection(UserFields.TOTALS))).isEqualTo(firstTotals);
    }

    @Test
    void twoWritersAtOnceComeToTheSameDocumentsAsOne() throws Exception {
        History random = new RandomHistory(11).tell(40);
        Log log = new Log(random.events());
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            List<Callable<Void>> writers = List.of(
                    () -> {
                        log.deliverBadlyTo(projection, new Random(1));
                        return null;
                    },
                    () -> {
                        log.deliverBadlyTo(new UsersProjection(database.database(), GENERATION), new Random(2));
                        return null;
                    });
            for (Future<Void> writer : both.invokeAll(writers)) {
                writer.get();
            }
        }

        assertPlainFold(random);
    }

    @Test
    void whatThePublisherSendsTwiceCountsOnce() {
        history.aUserCalled("ann");
        history.aUserCalled("bob").deleted();
        List<PublishedEvent> twice = new ArrayList<>(history.events());
        twice.addAll(history.events());
        new Log(twice).deliverTo(projection);

        assertPlainFold(history);
        assertThat(reads.total(history.application())).isEqualTo(1);
    }

    @Test
    void aCrashBetweenTotalsAndUsersCountsNobodyTwice() {
        history.aUserCalled("ann");
        history.aUserCalled("bob");
        Log log = new Log(history.events());
        log.deliverTo(projection);
        Map<String, BsonDocument> before = database.documents(GENERATION.collection(UserFields.COLLECTION));
        database.database()
                .getCollection(GENERATION.collection(UserFields.COLLECTION))
                .drop();

        log.deliverTo(projection);

        assertThat(database.documents(GENERATION.collection(UserFields.COLLECTION)))
                .isEqualTo(before);
        assertThat(reads.total(history.application())).isEqualTo(2);
    }

    @Test
    void aGapIsRefusedAndChangesNothing() {
        History.Person ann = history.aUserCalled("ann").losesAnEvent().renamed("anna");
        History.Person unknown = history.somebody().signedIn("192.0.2.1");
        history.aUserCalled("bob");

        List<Delivery> refused = new Log(history.events()).deliverTo(projection);

        assertThat(refused)
                .extracting(delivery -> delivery.event().userId())
                .containsExactlyInAnyOrder(ann.id().toString(), unknown.id().toString());
        assertThat(reads.byId(history.application(), ann.id()).orElseThrow().username())
                .isEqualTo("ann");
        assertThat(reads.byUsername(history.application(), "bob")).isPresent();
    }

    @Test
    void aDeletionWaitsForNothingThatIsMissingBeforeIt() {
        History.Person ann =
                history.aUserCalled("ann").losesAnEvent().renamed("anna").deleted();
        ann.signedIn("192.0.2.9");

        List<Delivery> refused = new Log(history.events()).deliverTo(projection);

        assertThat(refused).as("the change of the name").hasSize(1);
        assertThat(document(ann).keySet()).doesNotContain("email", "username", "first_name", "application");
        assertThat(reads.byId(history.application(), ann.id())).isEmpty();
        assertThat(reads.total(history.application())).isZero();
        new Log(history.events()).deliverTo(projection);
        assertThat(reads.total(history.application())).isZero();
    }

    @Test
    void ofADeletedUserNothingPersonalIsLeftAndNothingComesBack() {
        History random = new RandomHistory(3).tell(25);
        Log log = new Log(random.events());
        log.deliverTo(projection);
        log.deliverBadlyTo(projection, new Random(5));

        assertThat(database.dump()).doesNotContainIgnoringCase(RandomHistory.MARK);
    }

    @Test
    void aDeletedUserLeavesOnlyTheNumbersThatStopARedelivery() {
        History.Person ann = history.aUserCalled("ann").signedIn("192.0.2.1").deleted();
        new Log(history.events()).deliverTo(projection);

        assertThat(document(ann).keySet())
                .containsExactlyInAnyOrder("_id", "version", "login_sequence", "deleted", "partition", "offset");
        ann.signedIn("192.0.2.9");
        new Log(history.events()).deliverTo(projection);
        assertThat(document(ann).getInt64("login_sequence").getValue()).isEqualTo(2);
        assertThat(document(ann)).doesNotContainKey("application");
    }

    @Test
    void whileTwoUsersShowOneAddressTheLaterChangeCounts() {
        History.Person ann = history.aUserCalled("ann");
        History.Person bob = history.aUserCalled("bob");
        ann.moved("same@example.com");
        bob.moved("same@example.com");
        new Log(history.events()).deliverTo(projection);

        assertThat(reads.byEmail(history.application(), "SAME@example.com")
                        .orElseThrow()
                        .id())
                .isEqualTo(bob.id().toString());
    }

    private void assertFoldOf(History.Person person) {
        new Log(history.events()).deliverTo(projection);
        assertThat(reads.byId(history.application(), person.id()))
                .contains(PlainFold.of(history.events()).users().get(person.id().toString()));
    }

    private void assertPlainFold(History told) {
        PlainFold expected = PlainFold.of(told.events());
        for (PublishedEvent event : told.events()) {
            assertThat(reads.byId(told.application(), UUID.fromString(event.userId()))
                            .orElse(null))
                    .isEqualTo(expected.users().get(event.userId()));
        }
        assertThat(reads.total(told.application())).isEqualTo(expected.users().size());
    }

    private BsonDocument document(History.Person person) {
        return Objects.requireNonNull(database.documents(GENERATION.collection(UserFields.COLLECTION))
                .get(person.id().toString()));
    }

    private static BsonDocument withoutPlace(BsonDocument document) {
        List.of("partition", "offset", "cursor").forEach(document::remove);
        return document;
    }
}
