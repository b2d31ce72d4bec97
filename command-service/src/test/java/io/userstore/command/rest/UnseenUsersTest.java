package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.command.store.UserImports.Candidate;
import io.userstore.command.store.UserImports.Fate;
import io.userstore.command.user.Profile;
import io.userstore.command.user.UserCommand.ImportUser;
import io.userstore.command.visibility.Visibility;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnseenUsersTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Visibility visibility = new Visibility(Set.of("users"), LONG);

    @Test
    void anImportIsVisibleOnceEachOfItsUsersIs() throws Exception {
        try (UnseenUsers unseen = new UnseenUsers(visibility)) {
            unseen.storing(users("a", "b"), batch -> List.of(Fate.IMPORTED, Fate.IMPORTED));
            unseen.storing(users("c"), batch -> List.of(Fate.IMPORTED));
            report("c");
            report("a");
            assertThat(unseen.awaitAll(Duration.ZERO)).isFalse();
            CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> unseen.awaitAll(LONG));
            report("b");
            assertThat(waiting.get()).isTrue();
        }
        assertThat(visibility.watching()).isZero();
    }

    @Test
    void aUserWhoIsSeenWhileStoredIsNotWaitedFor() {
        try (UnseenUsers unseen = new UnseenUsers(visibility)) {
            unseen.storing(users("a"), batch -> {
                report("a");
                return List.of(Fate.IMPORTED);
            });
            assertThat(visibility.watching()).isZero();
            assertThat(unseen.awaitAll(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void aUserWhoWasRefusedIsNotWaitedFor() {
        try (UnseenUsers unseen = new UnseenUsers(visibility)) {
            unseen.storing(users("a"), batch -> List.of(Fate.USERNAME_TAKEN));
            assertThat(unseen.awaitAll(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void aBatchThatFailsIsForgotten() {
        try (UnseenUsers unseen = new UnseenUsers(visibility)) {
            assertThatThrownBy(() -> unseen.storing(users("a"), batch -> {
                        throw new IllegalStateException("away");
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(visibility.watching()).isZero();
    }

    @Test
    void theLastOnesOnlyAreRemembered() {
        try (UnseenUsers unseen = new UnseenUsers(visibility)) {
            String[] ids = IntStream.range(0, UnseenUsers.MOST + 5)
                    .mapToObj(Integer::toString)
                    .toArray(String[]::new);
            unseen.storing(users(ids), batch -> Collections.nCopies(batch.size(), Fate.IMPORTED));
            assertThat(visibility.watching()).isEqualTo(UnseenUsers.MOST);
        }
    }

    private void report(String userId) {
        visibility.report(new ProgressReport(List.of("users"), 0, List.of(new ProgressReport.Applied(userId, 1, 0))));
    }

    private static List<Candidate> users(String... ids) {
        return Stream.of(ids)
                .map(id -> new ImportUser(id, "default", Profile.EMPTY, null, true, null, null, false))
                .map(user -> new Candidate(user, false))
                .toList();
    }
}
