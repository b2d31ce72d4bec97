package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.query.intake.EventLog.Span;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FillViewTest {
    private final FillView view = new FillView(Map.of(0, new Span(0, 100), 1, new Span(0, 0)));

    @Test
    void aGenerationIsFilledWhenNextToNothingIsLeft() {
        assertThat(view.isFilled(Map.of())).isFalse();
        assertThat(view.isFilled(Map.of(0, 96L))).isFalse();
        assertThat(view.isFilled(Map.of(0, 97L))).isTrue();
        assertThat(view.done(Map.of(0, 49L))).isEqualTo(50);
        assertThat(view.total()).isEqualTo(100);
        assertThat(new FillView(Map.of(0, new Span(0, 0))).isFilled(Map.of())).isTrue();
    }

    @Test
    void itIsJoinedWhenEveryPartitionIsTakenOnAndIsAsFarAsWhatIsRead() {
        assertThat(view.isJoined(Map.of(0, 99L), Map.of(0, 99L))).isFalse();
        assertThat(view.isJoined(Map.of(0, 98L, 1, -1L), Map.of(0, 99L))).isFalse();
        assertThat(view.isJoined(Map.of(0, 99L, 1, -1L), Map.of(0, 99L))).isTrue();
    }

    @Test
    void whatWasMadeFromAnotherLogNeedsNotBeReached() {
        assertThat(view.isJoined(Map.of(0, 99L, 1, -1L), Map.of(0, 5_000L, 1, 7L)))
                .isTrue();
    }

    @Test
    void whatTheLogHasLostIsNotWaitedFor() {
        FillView empty = new FillView(Map.of(0, new Span(40, 40), 1, new Span(30, 50)));
        assertThat(empty.isJoined(Map.of(0, -1L, 1, 49L), Map.of(0, 39L, 1, 49L)))
                .isTrue();
        assertThat(empty.isJoined(Map.of(0, -1L, 1, 48L), Map.of(0, 39L, 1, 49L)))
                .isFalse();
        assertThat(empty.isJoined(Map.of(1, 49L), Map.of(0, 39L, 1, 49L))).isFalse();
    }

    @Test
    void aLogWithoutItsBeginningIsShort() {
        assertThat(view.isShort()).isFalse();
        assertThat(new FillView(Map.of(0, new Span(0, 9), 1, new Span(4, 9))).isShort())
                .isTrue();
    }
}
