package io.userstore.command.signin;

import io.userstore.command.signin.StoredSignInEvent.LoginFailed;
import io.userstore.command.signin.StoredSignInEvent.LoginRecorded;
import io.userstore.command.signin.StoredSignInEvent.SignedOut;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the facts about one user's signing in add up to. Immutable.
 *
 * @param lastLoginAt null before the first login
 * @param failuresSinceLogin wrong passwords since the last login
 * @param sequence how many events made this state
 */
public record SignInsState(@Nullable Instant lastLoginAt, int failuresSinceLogin, long sequence) {
    public static final SignInsState NONE = new SignInsState(null, 0, 0);

    /** The state after one more event, which happened at {@code time}; finer than a millisecond is cut off. */
    public SignInsState apply(StoredSignInEvent event, Instant time) {
        return switch (event) {
            case LoginRecorded login -> new SignInsState(time.truncatedTo(ChronoUnit.MILLIS), 0, sequence + 1);
            case LoginFailed failure -> new SignInsState(lastLoginAt, failuresSinceLogin + 1, sequence + 1);
            case SignedOut signOut -> new SignInsState(lastLoginAt, failuresSinceLogin, sequence + 1);
        };
    }
}
