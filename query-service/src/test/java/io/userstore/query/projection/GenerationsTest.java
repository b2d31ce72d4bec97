package io.userstore.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.projection.Rebuild.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written down of generations, and who is faster. */
class GenerationsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final ReadModel USERS = new ReadModel("users", 1, true, true, List.of(), generation -> {
        throw new IllegalStateException("not asked for");
    });

    private TestDatabase database;
    private Generations one;
    private Generations two;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        one = new Generations(List.of(USERS), new ModelStates(database.database()));
        two = new Generations(List.of(USERS), new ModelStates(database.database()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatOneWritesDownTheOtherReadsAsItWas() {
        assertThat(two.serving().of("users")).isEqualTo(new Generation("users", 1, 1));
        ModelState begun = one.change("users", state -> state.begun(Condition.EQUAL, null, NOW));
        assertThat(two.refresh().of("users")).isEqualTo(begun);
        ModelState over = two.change("users", state -> {
            Rebuild rebuild = Objects.requireNonNull(state.underWay());
            ModelState filled = state.filled(rebuild, 7, 0, NOW);
            return new ModelState(
                    filled.model(),
                    filled.version(),
                    state.revision() + 1,
                    2,
                    2,
                    1,
                    NOW.plusSeconds(60),
                    NOW,
                    rebuild.ended(
                            Rebuild.State.SWITCHED,
                            new Rebuild.Comparison(3, 1, 0, 1, 1, 0, List.of("users_v1_g2: x")),
                            null,
                            NOW));
        });
        assertThat(one.refresh().of("users")).isEqualTo(over);
        assertThat(one.serving().of("users").key()).isEqualTo("users_v1_g2");
    }

    @Test
    void ofTwoWhoDecideAtTheSameTimeTheSecondDecidesAnew() {
        AtomicInteger decisions = new AtomicInteger();
        ModelState second = one.change("users", state -> {
            if (decisions.incrementAndGet() == 1) {
                two.change("users", other -> other.begun(Condition.EQUAL, null, NOW));
            }
            return state.underWay() == null ? state.begun(Condition.ALWAYS, null, NOW) : null;
        });
        assertThat(second).isNull();
        assertThat(decisions).hasValue(2);
        assertThat(Objects.requireNonNull(one.known().of("users").underWay()).condition())
                .isEqualTo(Condition.EQUAL);
    }

    @Test
    void asLongAsNothingChangesItIsTheSame() {
        Generations.Known before = one.refresh();
        assertThat(one.refresh()).isSameAs(before);
        two.change("users", state -> state.begun(Condition.EQUAL, null, NOW));
        assertThat(one.refresh()).isNotSameAs(before);
    }

    @Test
    void namesTellTheirGeneration() {
        assertThat(Generation.of("users", "users", "users_v1_g2_fill")).hasValue(new Generation("users", 1, 2));
        assertThat(Generation.of("users", "users", "users_v3")).hasValue(new Generation("users", 3, 1));
        assertThat(Generation.of("users", "users_totals", "users_totals_v1_g12"))
                .hasValue(new Generation("users", 1, 12));
        for (String other : List.of("users_totals_v1", "users_v0", "users_v1_g", "user_keys", "users", "xusers_v1")) {
            assertThat(Generation.of("users", "users", other)).as(other).isEmpty();
        }
    }
}
