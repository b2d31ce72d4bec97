package io.userstore.command.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.signin.SignInCommand.Check;
import io.userstore.command.signin.SignInCommand.RecordFailure;
import io.userstore.command.signin.StoredSignInEvent.LoginFailed;
import io.userstore.command.signin.StoredSignInEvent.LoginRecorded;
import io.userstore.command.signin.StoredSignInEvent.Origin;
import io.userstore.command.signin.StoredSignInEvent.UserLocked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What wrong passwords come to, one after the other; time passes only where a test says so. */
class LockoutTest {
    static final LockoutPolicy POLICY = new LockoutPolicy(5, Duration.ofMinutes(1), Duration.ofHours(1));

    private static final Origin HOME = new Origin("192.0.2.1");
    private static final long PASSWORD = 1;
    private static final long NEXT_PASSWORD = 2;

    private SignInsState state = SignInsState.NONE;
    private Instant now = Instant.parse("2026-01-04T23:48:34.288Z");

    @Test
    void theFifthFailureInARowLocksForAMinute() {
        for (int i = 1; i <= 4; i++) {
            assertThat(fail(PASSWORD)).containsExactly(new LoginFailed(null, HOME, PASSWORD));
            assertThat(isLocked()).isFalse();
        }
        assertThat(fail(PASSWORD))
                .containsExactly(new LoginFailed(null, HOME, PASSWORD), new UserLocked(now.plusSeconds(60), 5));
        assertThat(isLocked()).isTrue();
        now = now.plusSeconds(60);
        assertThat(isLocked()).isFalse();
    }

    @Test
    void failingWhileLockedRecordsNothing() {
        lock();
        for (int i = 0; i < 100; i++) {
            assertThat(fail(PASSWORD)).isEmpty();
        }
    }

    @Test
    void eachFurtherFailureDoublesTheLockUpToAnHour() {
        lock();
        List<Duration> locks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            now = now.plus(Duration.ofHours(1));
            UserLocked lock = (UserLocked) fail(PASSWORD).getLast();
            locks.add(Duration.between(now, lock.until()));
        }
        assertThat(locks).extracting(Duration::toMinutes).containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void aLoginByPasswordBeginsTheCountAnew() {
        lock();
        now = now.plusSeconds(60);
        state = state.apply(new LoginRecorded(null, null, HOME, "password"), now);
        assertThat(fail(PASSWORD)).hasSize(1);
        assertThat(isLocked()).isFalse();
    }

    @Test
    void aLoginByProviderProvesNoPasswordAndLeavesTheLock() {
        lock();
        state = state.apply(new LoginRecorded(null, null, HOME, "google"), now);
        assertThat(isLocked()).isTrue();
        assertThat(state.lastLoginAt()).isEqualTo(now);
    }

    @Test
    void aNewPasswordHasNoFailuresAndIsNotLocked() {
        lock();
        assertThat(state.locked(new Check(NEXT_PASSWORD, now, POLICY))).isFalse();
        assertThat(fail(NEXT_PASSWORD)).containsExactly(new LoginFailed(null, HOME, NEXT_PASSWORD));
        assertThat(state.locked(new Check(NEXT_PASSWORD, now, POLICY))).isFalse();
        assertThat(state.failuresOf(NEXT_PASSWORD)).isEqualTo(1);
    }

    @Test
    void aFailureOfThePasswordBeforeComesTooLateToCount() {
        fail(NEXT_PASSWORD);
        assertThat(fail(PASSWORD)).isEmpty();
        assertThat(state.failuresOf(NEXT_PASSWORD)).isEqualTo(1);
    }

    @Test
    void aClockThatIsSetBackDoesNotLockForLongerThanALockLasts() {
        lock();
        now = now.minus(Duration.ofDays(1));
        assertThat(isLocked()).isFalse();
    }

    /** It had to wait for its turn, or comes from an instance whose clock is behind. */
    @Test
    void aCheckFromALittleBeforeALockIsRefusedHoweverLongTheLock() {
        lock();
        now = now.plus(Duration.ofHours(1));
        for (int i = 0; i < 6; i++) {
            fail(PASSWORD);
            now = now.plus(Duration.ofHours(1));
        }
        assertThat(fail(PASSWORD)).contains(new UserLocked(now.plus(Duration.ofHours(1)), 12));
        now = now.minusSeconds(30);
        assertThat(isLocked()).isTrue();
        assertThat(fail(PASSWORD)).isEmpty();
    }

    @Test
    void withoutAPolicyNobodyIsLocked() {
        lock();
        LockoutPolicy off = new LockoutPolicy(0, Duration.ofMinutes(1), Duration.ofHours(1));
        assertThat(state.locked(new Check(PASSWORD, now, off))).isFalse();
        assertThat(state.decide(failure(PASSWORD, off))).hasSize(1);
    }

    @Test
    void failuresFromBeforeThereWereLocksStillCountSinceTheLogin() {
        state = state.apply(new LoginFailed(null, HOME, null), now).apply(new LoginFailed(null, HOME, null), now);
        assertThat(state.failuresSinceLogin()).isEqualTo(2);
    }

    private void lock() {
        for (int i = 0; i < 5; i++) {
            fail(PASSWORD);
        }
        assertThat(isLocked()).isTrue();
    }

    private boolean isLocked() {
        return state.locked(new Check(PASSWORD, now, POLICY));
    }

    private List<StoredSignInEvent> fail(long password) {
        List<StoredSignInEvent> events = state.decide(failure(password, POLICY));
        for (StoredSignInEvent event : events) {
            state = state.apply(event, now);
        }
        return events;
    }

    private RecordFailure failure(long password, LockoutPolicy policy) {
        return new RecordFailure(SignIns.idOf("somebody"), null, "192.0.2.1", new Check(password, now, policy));
    }
}
