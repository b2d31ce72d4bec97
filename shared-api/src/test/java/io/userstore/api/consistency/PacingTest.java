package io.userstore.api.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Looks at shortest times, which a slow machine does not change, and at longest ones that are far off. */
class PacingTest {
    private static final Duration MOST = Duration.ofMillis(20);
    private static final Duration MOST_FOR_OTHERS = Duration.ofMillis(60);

    private final AtomicReference<Duration> others = new AtomicReference<>(Duration.ZERO);
    private final Pacing pacing = new Pacing(MOST, 10, others::get, MOST_FOR_OTHERS);

    private Duration handle(int size) {
        pacing.begin();
        // Takes a permit that was left over, with which the rest would be none.
        LockSupport.parkNanos(1);
        long begin = System.nanoTime();
        pacing.end(size);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void restsAsLongAsOthersWaitForTheProcessors() {
        others.set(Duration.ofMillis(30));
        assertThat(handle(1)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void restsNoLongerForOthersThanIsAllowed() {
        others.set(Duration.ofDays(1));
        assertThat(handle(1)).isBetween(MOST_FOR_OTHERS, Duration.ofMinutes(1));
    }

    @Test
    void aLargeBatchIsFollowedByNoRest() {
        others.set(Duration.ofDays(1));
        long begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            handle(10);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(MOST_FOR_OTHERS.multipliedBy(100));
    }
}
