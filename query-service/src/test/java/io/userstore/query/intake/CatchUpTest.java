package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.query.intake.EventLog.Span;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    @Test
    void anEmptyLogIsCaughtUpWithAtOnce() {
        assertThat(new CatchUp(Map.of(0, new Span(0, 0), 1, new Span(0, 0)), Map.of(), START).isComplete())
                .isTrue();
    }

    @Test
    void aPartitionWhoseEventsAreAllGoneIsCaughtUpWith() {
        assertThat(new CatchUp(Map.of(0, new Span(7, 7)), Map.of(), START).isComplete())
                .isTrue();
    }

    @Test
    void everyPartitionCountsUpToTheEndThatItHadAtStart() {
        CatchUp catchUp = new CatchUp(Map.of(0, new Span(0, 10), 1, new Span(10, 30)), Map.of(0, 4L), START);
        assertThat(catchUp.isComplete()).isFalse();
        assertThat(catchUp.describe(START.plusSeconds(1)))
                .containsEntry("applied", 5L)
                .containsEntry("total", 30L)
                .containsEntry("seconds_to_go", "unknown");

        catchUp.update(Map.of(0, 9L, 1, 19L));
        assertThat(catchUp.isComplete()).isFalse();
        assertThat(catchUp.describe(START.plusSeconds(5)))
                .containsEntry("applied", 20L)
                .containsEntry("events_per_second", 3L)
                .containsEntry("seconds_to_go", 3L);

        catchUp.update(Map.of(0, 12L, 1, 29L));
        assertThat(catchUp.isComplete()).isTrue();
        assertThat(catchUp.describe(START).get("applied")).isEqualTo(30L);
    }

    @Test
    void readModelsOfAnotherLogNeverBecomeReady() {
        CatchUp catchUp = new CatchUp(Map.of(0, new Span(0, 10)), Map.of(0, 10L), START);
        catchUp.update(Map.of(0, 50L));

        assertThat(catchUp.isAhead()).isTrue();
        assertThat(catchUp.isComplete()).isFalse();
    }

    @Test
    void lagIsWhatIsInTheLogAndNotApplied() {
        Map<Integer, Span> log = Map.of(0, new Span(0, 10), 1, new Span(5, 9));

        assertThat(CatchUp.lag(log, Map.of(0, 7L))).isEqualTo(2 + 4);
        assertThat(CatchUp.lag(log, Map.of(0, 9L, 1, 8L))).isZero();
    }
}
