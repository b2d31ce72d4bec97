package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.userstore.api.audit.EventLeaf;
import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.api.user.UserResource;
import io.userstore.client.ActivityEntry;
import io.userstore.client.Audit;
import io.userstore.client.ErasureCertificate;
import io.userstore.client.Events;
import io.userstore.client.NewUser;
import io.userstore.client.Person;
import io.userstore.client.ReadOptions;
import io.userstore.client.Receipt;
import io.userstore.client.Statistics;
import io.userstore.client.UserChanges;
import io.userstore.client.UserQuery;
import io.userstore.client.UserStoreClient;
import io.userstore.client.UserStoreException;
import io.userstore.client.Users;
import io.userstore.client.WriteOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client against the service that it is for. */
class JavaClientTest {
    @TempDir
    static Path folder;

    private static RunningStandalone standalone;
    private static UserStoreClient store;

    @BeforeAll
    static void start() {
        standalone = new RunningStandalone(folder);
        store = UserStoreClient.builder(URI.create(standalone.url()), RunningStandalone.KEY)
                .build();
    }

    @AfterAll
    static void stop() {
        standalone.close();
    }

    @Test
    void theHistoryIsProvedWithTheKeyThatWasKept() {
        Audit.Key kept = store.audit().key();
        String first =
                store.users().create(NewUser.withUsername("proved", "abcd1234")).id();
        TreeHead before = headWith(recordOf(first));
        String second = store.users()
                .create(NewUser.withUsername("proved-too", "abcd1234"))
                .id();
        TreeHead after = headWith(recordOf(second));
        assertThat(before.isSignedBy(kept.publicKey())).isTrue();
        assertThat(after.isSignedBy(kept.publicKey())).isTrue();
        assertThat(store.audit().consistency(before, after).proves(before, after))
                .isTrue();
        assertThat(store.audit().consistency(before, after).proves(after, before))
                .isFalse();
        assertThat(store.audit().inclusion(id(recordOf(first)), after).proves(leaf(recordOf(first)), after))
                .isTrue();
        assertThat(store.audit().inclusion(id(recordOf(first)), after).proves(leaf(recordOf(second)), after))
                .isFalse();
    }

    /** The first head in which the event of that record is. */
    private static TreeHead headWith(ConsumerRecord<byte[], byte[]> sent) {
        return await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(
                        store.audit()::head,
                        head -> store.audit().inclusion(id(sent), head).proves(leaf(sent), head));
    }

    private static ConsumerRecord<byte[], byte[]> recordOf(String userId) {
        List<ConsumerRecord<byte[], byte[]>> sent = new ArrayList<>();
        HistoryFold.read(standalone.kafka(), Topics.EVENTS, one -> {
            if (userId.equals(new String(one.key(), StandardCharsets.UTF_8))) {
                sent.add(one);
            }
        });
        return sent.getFirst();
    }

    private static String id(ConsumerRecord<byte[], byte[]> sent) {
        return new String(sent.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
    }

    private static Hash leaf(ConsumerRecord<byte[], byte[]> sent) {
        return EventLeaf.hash(name -> sent.headers().lastHeader(name).value(), sent.value())
                .orElseThrow();
    }

    @Test
    void aUserLivesFromCreationToDeletion() {
        UserResource john = store.users()
                .create(NewUser.withEmail("john@example.com", "Sz4kF^12cpsk")
                        .andUsername("johnsmith")
                        .withExtra(Map.of("color", "Blue", "age", 24)));
        assertThat(store.users().get(john.id())).isEqualTo(john);
        assertThat(store.users().getByEmail("JOHN@example.com")).isEqualTo(john);
        assertThat(store.users().getByUsername("JohnSmith")).isEqualTo(john);

        UserResource patched = store.users()
                .patch(john.id(), UserChanges.none().firstName("John").extra("color", null));
        assertThat(patched.firstName()).isEqualTo("John");
        assertThat(patched.extra()).containsExactly(Map.entry("age", 24));
        Users.Changed put = store.users()
                .update(
                        john.id(),
                        UserChanges.none().lastName("Smith"),
                        Users.Verification.NONE,
                        WriteOptions.DEFAULT.onlyIfVersion(patched.version()));
        assertThat(put.fields().propertyNames()).containsExactly("last_name", "updated_at");
        assertThatExceptionOfType(UserStoreException.StaleVersion.class)
                .isThrownBy(() -> store.users()
                        .patch(
                                john.id(),
                                UserChanges.none().lastName("x"),
                                WriteOptions.DEFAULT.onlyIfVersion(patched.version())));

        assertThat(store.auth().signIn("johnsmith", "Sz4kF^12cpsk").lastSignin())
                .isNotNull();
        assertThat(store.auth().confirm(john.id(), "Sz4kF^12cpsk").id()).isEqualTo(john.id());
        assertThat(store.auth().signOut(john.id()).id()).isEqualTo(john.id());
        assertThatExceptionOfType(UserStoreException.InvalidCredentials.class)
                .isThrownBy(() -> store.auth().signIn("johnsmith", "wrong"));
        assertThat(store.users().activity(john.id()).map(ActivityEntry::type))
                .contains("user.created", "user.profile-updated", "user.login-recorded", "user.signed-out");

        assertThat(store.users().person(john.id()).history())
                .extracting(Person.Entry::type)
                .startsWith("user.created");
        assertThat(store.users().delete(john.id()).email()).isEqualTo("john@example.com");
        ErasureCertificate certificate = store.users().erasure(john.id());
        assertThat(certificate.userId()).isEqualTo(john.id());
        assertThat(certificate.signature()).isNotNull();
        assertThatExceptionOfType(UserStoreException.NotFound.class)
                .isThrownBy(() -> store.users().get(john.id()));
    }

    @Test
    void whatHappensToAUserIsHeardAndGoneOnWithBehindAPlace() {
        String id =
                store.users().create(NewUser.withUsername("heard", "abcd1234")).id();
        store.auth().signIn("heard", "abcd1234");
        Events.Query hers = Events.Query.ALL.ofUser(id).after(Events.BEGINNING);
        Events.Heard created;
        try (Stream<Events.Heard> heard = store.events().follow(hers)) {
            created = heard.findFirst().orElseThrow();
        }
        assertThat(created.type()).isEqualTo("io.userstore.user.created.v1");
        assertThat(created.event().orElseThrow().userId()).isEqualTo(id);
        try (Stream<Events.Heard> heard = store.events().follow(hers.after(created.place()))) {
            PublishedEvent next = heard.findFirst().orElseThrow().event().orElseThrow();
            assertThat(next.type()).isEqualTo(EventType.LOGIN_RECORDED);
            assertThat(next.sequence()).isEqualTo(1);
        }
    }

    @Test
    void allUsersAreListedAcrossPages() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(store.users()
                    .create(NewUser.withUsername("listed" + i, "abcd1234").inGroup("listed"))
                    .id());
        }
        UserQuery query = UserQuery.ALL.inGroup("listed").limit(3);
        assertThat(store.users().list(query).map(UserResource::id)).containsExactlyElementsOf(ids);
        assertThat(store.users().page(query).paging().totalCount()).isEqualTo(7);
        Statistics statistics = store.statistics().get();
        assertThat(statistics.totals().users()).isGreaterThanOrEqualTo(7);
        assertThat(statistics.series().stream().mapToLong(day -> day.joins()).sum())
                .isGreaterThanOrEqualTo(7);
    }

    @Test
    void aWriteThatDidNotWaitIsReadByItsToken() {
        List<Receipt> receipts = new ArrayList<>();
        WriteOptions options = WriteOptions.DEFAULT.async().tellingReceipt(receipts::add);
        String id = store.users()
                .create(NewUser.withUsername("hasty", "abcd1234"), Users.Verification.NONE, options)
                .user()
                .id();
        Receipt receipt = receipts.getFirst();
        assertThat(receipt.pending()).isTrue();
        String token = Objects.requireNonNull(receipt.consistencyToken());
        assertThat(store.users()
                        .get(id, new ReadOptions(token, Duration.ofSeconds(30), null))
                        .username())
                .isEqualTo("hasty");
    }

    @Test
    void refusalsTellWhatAndWhere() {
        store.users().create(NewUser.withUsername("taken", "abcd1234"));
        UserStoreException.Conflict taken = catchThrowableOfType(
                UserStoreException.Conflict.class, () -> store.users().create(NewUser.withUsername("TAKEN", "x1234")));
        assertThat(taken.error()).isEqualTo("username_taken");
        assertThat(taken.code()).isEqualTo(600);
        assertThat(taken.requestId()).isNotNull();
        UserStoreException.Invalid invalid = catchThrowableOfType(
                UserStoreException.Invalid.class, () -> store.users().create(NewUser.withEmail("nobody", "1")));
        assertThat(invalid.faults().stream().map(fault -> fault.field())).containsExactly("email", "password");
        UserStoreClient stranger = UserStoreClient.builder(URI.create(standalone.url()), "sk_of_somebody_else")
                .build();
        assertThatExceptionOfType(UserStoreException.NotPermitted.class)
                .isThrownBy(() -> stranger.users().page(UserQuery.ALL));
    }
}
