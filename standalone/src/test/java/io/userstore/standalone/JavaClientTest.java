package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.userstore.api.user.UserResource;
import io.userstore.client.ActivityEntry;
import io.userstore.client.ErasureCertificate;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        assertThat(statistics.series().getLast().joins()).isGreaterThanOrEqualTo(7);
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
        assertThat(store.users().get(id, ReadOptions.after(token)).username()).isEqualTo("hasty");
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
