package io.userstore.command.signin;

import java.time.Duration;

/**
 * When wrong passwords lock a user, and for how long: {@code first} after {@code failures} in a row, twice as long after
 * each further one, {@code longest} at most.
 *
 * @param failures in a row, without a login by password between them; 0 for never
 * @param first greater than zero
 * @param longest at least {@code first}
 */
public record LockoutPolicy(int failures, Duration first, Duration longest) {
    /** More doublings than any two durations are apart. */
    private static final int MOST_DOUBLINGS = 30;

    /** Whether so many failures in a row lock. */
    public boolean locksAfter(int inARow) {
        return failures > 0 && inARow >= failures;
    }

    /** How long so many failures in a row lock; they are at least {@link #failures()}. */
    Duration lockAfter(int inARow) {
        Duration grown = first.multipliedBy(1L << Math.min(MOST_DOUBLINGS, inARow - failures));
        return grown.compareTo(longest) < 0 ? grown : longest;
    }
}
