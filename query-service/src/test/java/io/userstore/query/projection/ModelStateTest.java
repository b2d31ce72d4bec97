package io.userstore.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.query.projection.Rebuild.Comparison;
import io.userstore.query.projection.Rebuild.Condition;
import io.userstore.query.projection.Rebuild.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ModelStateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Comparison EQUAL = new Comparison(5, 5, 0, 0, 0, 0, List.of());
    private static final Comparison CHANGED = new Comparison(5, 4, 0, 0, 1, 0, List.of("users_v1_g2: x"));
    private static final Comparison MISSING = new Comparison(4, 4, 1, 0, 0, 0, List.of("users_v1_g2: y"));

    private final ModelState first = ModelState.first(new ReadModel("users", 1, true, true, List.of(), generation -> {
        throw new IllegalStateException("not asked for");
    }));

    private static Rebuild running(ModelState state) {
        return Objects.requireNonNull(state.underWay());
    }

    private ModelState comparing(Condition condition) {
        ModelState begun = first.begun(condition, null, NOW);
        ModelState indexed = begun.indexing(running(begun)).indexed(running(begun));
        ModelState joining = indexed.filled(running(indexed), 100, 3, NOW);
        return joining.joined(running(joining));
    }

    @Test
    void atFirstTheFirstGenerationIsReadAndFed() {
        assertThat(first.serving()).isEqualTo(1);
        assertThat(first.fed()).containsExactly(1);
        assertThat(first.servingGeneration().key()).isEqualTo("users_v1");
        assertThat(first.generation(2).collection("users_totals")).isEqualTo("users_totals_v1_g2");
    }

    @Test
    void whatIsFilledIsNeededAndIsFedFromTheJoiningOn() {
        ModelState begun = first.begun(Condition.COMPLETE, null, NOW);
        assertThat(begun.fed()).containsExactly(1);
        assertThat(begun.used()).containsExactly(1, 2);
        assertThat(comparing(Condition.COMPLETE).fed()).containsExactly(1, 2);
        assertThat(comparing(Condition.COMPLETE).revision()).isEqualTo(5);
    }

    @Test
    void theSwitchKeepsTheFormerGenerationFed() {
        ModelState comparing = comparing(Condition.COMPLETE);
        ModelState switched = comparing.compared(running(comparing), CHANGED, NOW, AN_HOUR);
        assertThat(switched.serving()).isEqualTo(2);
        assertThat(switched.former()).isEqualTo(1);
        assertThat(switched.formerUntil()).isEqualTo(NOW.plus(AN_HOUR));
        assertThat(switched.fed()).containsExactly(1, 2);
        assertThat(switched.withoutFormer(NOW).fed()).containsExactly(2);
    }

    @Test
    void goingBackAndForthExchangesTheTwo() {
        ModelState comparing = comparing(Condition.EQUAL);
        ModelState switched = comparing.compared(running(comparing), EQUAL, NOW, AN_HOUR);
        ModelState back = switched.rolledBack(1, NOW, AN_HOUR);
        assertThat(back.serving()).isEqualTo(1);
        assertThat(back.former()).isEqualTo(2);
        assertThat(Objects.requireNonNull(back.rebuild()).state()).isEqualTo(State.ROLLED_BACK);
        ModelState forth = back.rolledBack(2, NOW, AN_HOUR);
        assertThat(forth.serving()).isEqualTo(2);
        assertThat(Objects.requireNonNull(forth.rebuild()).state()).isEqualTo(State.SWITCHED);
    }

    @Test
    void aNumberIsNeverGivenTwice() {
        ModelState begun = first.begun(Condition.COMPLETE, null, NOW);
        ModelState cancelled = begun.cancelled(running(begun), NOW);
        assertThat(cancelled.used()).containsExactly(1);
        assertThat(running(cancelled.begun(Condition.COMPLETE, null, NOW)).generation())
                .isEqualTo(3);
    }

    @Test
    void theConditionDecidesWhatStandsAgainstASwitch() {
        assertThat(outcome(Condition.COMPLETE, CHANGED)).isEqualTo(State.SWITCHED);
        assertThat(outcome(Condition.COMPLETE, MISSING)).isEqualTo(State.KEPT);
        assertThat(outcome(Condition.EQUAL, EQUAL)).isEqualTo(State.SWITCHED);
        assertThat(outcome(Condition.EQUAL, CHANGED)).isEqualTo(State.KEPT);
        assertThat(outcome(Condition.ALWAYS, MISSING)).isEqualTo(State.SWITCHED);
    }

    private State outcome(Condition condition, Comparison found) {
        ModelState comparing = comparing(condition);
        ModelState after = comparing.compared(running(comparing), found, NOW, AN_HOUR);
        assertThat(after.serving()).isEqualTo(after.rebuild() != null && after.former() != null ? 2 : 1);
        return Objects.requireNonNull(after.rebuild()).state();
    }
}
