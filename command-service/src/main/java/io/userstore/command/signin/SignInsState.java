package io.userstore.command.signin;

import io.userstore.command.signin.SignInCommand.Check;
import io.userstore.command.signin.SignInCommand.RecordFailure;
import io.userstore.command.signin.SignInCommand.RecordLogin;
import io.userstore.command.signin.StoredSignInEvent.LoginFailed;
import io.userstore.command.signin.StoredSignInEvent.LoginRecorded;
import io.userstore.command.signin.StoredSignInEvent.Origin;
import io.userstore.command.signin.StoredSignInEvent.SignedOut;
import io.userstore.command.signin.StoredSignInEvent.UserLocked;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the facts about one user's signing in add up to. Immutable.
 *
 * <p>Failures and locks belong to one password. Which one is told by the user's version in which it was set, and not by
 * a time: a new password ends the lock of the old one, whatever the clocks of two machines say.
 *
 * @param lastLoginAt null before the first login
 * @param failuresSinceLogin wrong passwords in a row since the last login by password
 * @param sequence how many events made this state
 * @param passwordVersion the password that the failures belong to, 0 before the first failure
 * @param lockedUntil the end of the last lock, which may be over; null when there was none since the last login
 */
public record SignInsState(
        @Nullable Instant lastLoginAt,
        int failuresSinceLogin,
        long sequence,
        long passwordVersion,
        @Nullable Instant lockedUntil) {
    private static final Duration BETWEEN_CLOCKS = Duration.ofMinutes(1);

    public static final SignInsState NONE = new SignInsState(null, 0, 0, 0, null);

    /** The state after one more event, which happened at {@code time}; finer than a millisecond is cut off. */
    public SignInsState apply(StoredSignInEvent event, Instant time) {
        return switch (event) {
            case LoginRecorded(var group, var previousLoginAt, var personal, var method) ->
                method.equals(LoginRecorded.PASSWORD)
                        ? new SignInsState(time.truncatedTo(ChronoUnit.MILLIS), 0, sequence + 1, passwordVersion, null)
                        : new SignInsState(
                                time.truncatedTo(ChronoUnit.MILLIS),
                                failuresSinceLogin,
                                sequence + 1,
                                passwordVersion,
                                lockedUntil);
            case LoginFailed(var group, var personal, var ofPassword) -> {
                long checked = ofPassword == null ? passwordVersion : ofPassword;
                yield new SignInsState(
                        lastLoginAt,
                        failuresOf(checked) + 1,
                        sequence + 1,
                        checked,
                        checked == passwordVersion ? lockedUntil : null);
            }
            case SignedOut(var personal) ->
                new SignInsState(lastLoginAt, failuresSinceLogin, sequence + 1, passwordVersion, lockedUntil);
            case UserLocked(var until, var failures) ->
                new SignInsState(lastLoginAt, failures, sequence + 1, passwordVersion, until);
        };
    }

    /** Wrong passwords in a row while that password was the user's. */
    public int failuresOf(long thatPasswordVersion) {
        return thatPasswordVersion == passwordVersion ? failuresSinceLogin : 0;
    }

    /**
     * Whether the password that was checked is refused at that moment. A lock that would last longer than any lock can is none: the clock
     * was set back. By a little it may seem to, since checks wait for their turn, and the clock of another instance may be ahead.
     */
    public boolean locked(Check password) {
        return password.policy().failures() > 0
                && lockedUntil != null
                && password.version() == passwordVersion
                && password.at().isBefore(lockedUntil)
                && !lockedUntil.isAfter(
                        password.at().plus(password.policy().longest()).plus(BETWEEN_CLOCKS));
    }

    /** What a login comes to: nothing, or a login. */
    List<StoredSignInEvent> decide(RecordLogin command) {
        Check password = command.password();
        if (password != null && locked(password)) {
            return List.of();
        }
        String method = command.provider() == null ? LoginRecorded.PASSWORD : command.provider();
        return List.of(new LoginRecorded(command.group(), lastLoginAt, new Origin(command.address()), method));
    }

    /** What a wrong password comes to: nothing, a failure, or a failure and a lock. */
    List<StoredSignInEvent> decide(RecordFailure command) {
        Check password = command.password();
        boolean ofAnOldPassword = password.version() < passwordVersion;
        if (ofAnOldPassword || locked(password)) {
            return List.of();
        }
        LoginFailed failed = new LoginFailed(command.group(), new Origin(command.address()), password.version());
        int inARow = failuresOf(password.version()) + 1;
        if (!password.policy().locksAfter(inARow)) {
            return List.of(failed);
        }
        Instant until = password.at().plus(password.policy().lockAfter(inARow)).truncatedTo(ChronoUnit.MILLIS);
        return List.of(failed, new UserLocked(until, inARow));
    }
}
