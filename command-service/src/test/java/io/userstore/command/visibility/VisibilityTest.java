package io.userstore.command.visibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.consistency.ProgressReport.Applied;
import io.userstore.api.event.EventStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class VisibilityTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String JOHN = "john";

    private final Visibility visibility = new Visibility(Set.of("users", "statistics"), Duration.ofMillis(5));

    @Test
    void aWriteIsVisibleOnceEveryProjectionHasAppliedIt() throws Exception {
        try (Visibility.Watch watch = visibility.watch(JOHN)) {
            report("users", JOHN, 2, 0, 0);
            CompletableFuture<Boolean> waiting =
                    CompletableFuture.supplyAsync(() -> watch.await(EventStream.USER, 2, LONG));
            assertThat(waiting).isNotDone();
            report("statistics", "somebody else", 9, 0, 0);
            report("unheard of", JOHN, 9, 0, 0);
            report("statistics", JOHN, 1, 5, 0);
            assertThat(waiting).isNotDone();
            report("statistics", JOHN, 2, 0, 0);
            assertThat(waiting.get()).isTrue();
        }
    }

    @Test
    void aReportThatComesBeforeTheWaitingIsNotLost() {
        try (Visibility.Watch watch = visibility.watch(JOHN)) {
            report("users", JOHN, 0, 7, 0);
            report("statistics", JOHN, 0, 7, 0);
            assertThat(watch.await(EventStream.SIGN_INS, 7, Duration.ZERO)).isTrue();
            assertThat(watch.await(EventStream.USER, 1, Duration.ZERO)).isFalse();
        }
    }

    @Test
    void aProjectionThatSaysNothingIsAwayAndNobodyWaitsForItUntilItKeepsUpAgain() {
        try (Visibility.Watch watch = visibility.watch(JOHN)) {
            report("users", JOHN, 1, 0, 0);
            assertThat(watch.await(EventStream.USER, 1, Duration.ofMillis(20))).isFalse();
            assertThat(visibility.isAway()).isTrue();
            assertThat(watch.await(EventStream.USER, 1, LONG)).isFalse();

            report("users", "somebody", 1, 0, 3);
            assertThat(visibility.isAway())
                    .as("another projection's word does not count")
                    .isTrue();
            report("statistics", "somebody", 1, 0, 60_000);
            assertThat(visibility.isAway())
                    .as("it reports, but is a minute behind")
                    .isTrue();
            report("statistics", "somebody", 1, 0, 3);
            assertThat(visibility.isAway()).isFalse();
        }
    }

    @Test
    void oneSlowEventDoesNotMakeAProjectionAbsent() {
        try (Visibility.Watch watch = visibility.watch(JOHN)) {
            report("users", JOHN, 1, 0, 6_000);
            report("statistics", JOHN, 1, 0, 6_000);
            assertThat(watch.await(EventStream.USER, 1, LONG)).isTrue();
            assertThat(visibility.isAway()).isFalse();
        }
    }

    @Test
    void aCallerInAHurryDoesNotDeclareAnybodyAway() {
        try (Visibility.Watch watch = visibility.watch(JOHN)) {
            assertThat(watch.await(EventStream.USER, 1, Duration.ZERO)).isFalse();
            assertThat(visibility.isAway()).isFalse();
        }
    }

    @Test
    void nothingIsRememberedOfUsersThatNobodyWatches() {
        visibility.watch(JOHN).close();
        assertThat(visibility.watching()).isZero();
    }

    private void report(String projection, String userId, long version, long loginSequence, long lagMillis) {
        visibility.report(new ProgressReport(
                List.of(projection), lagMillis, List.of(new Applied(userId, version, loginSequence))));
    }
}
