package io.userstore.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is taken from whom; kept in memory by each instance for itself, so several instances take as much each.
 *
 * @param requestsPerSecond of one key, in the long run; 0 for no limit, at most 1,000,000
 * @param requestsBurst of one key at once; 0 for as many as in a second
 * @param signInFailuresPerSecond failed sign-ins from one address, in the long run; above 0, at most 1,000. A server that
 *     passes on the sign-ins of many is one address
 * @param signInFailuresBurst failed sign-ins from one address at once; 0 for no limit
 * @param codeFailuresPerSecond wrong codes from one address, in the long run; above 0, at most 1,000
 * @param codeFailuresBurst wrong codes from one address at once; 0 for no limit
 * @param tracked keys and addresses that are remembered, each; at least 1,000. About 200 bytes each
 */
@ConfigurationProperties("userstore.limits")
public record LimitSettings(
        @DefaultValue("0") long requestsPerSecond,
        @DefaultValue("0") long requestsBurst,
        @DefaultValue("10") long signInFailuresPerSecond,
        @DefaultValue("100") long signInFailuresBurst,
        @DefaultValue("1") long codeFailuresPerSecond,
        @DefaultValue("10") long codeFailuresBurst,
        @DefaultValue("100000") long tracked) {
    private static final long MOST = 1_000_000;
    private static final long MOST_FAILURES = 1_000;

    public LimitSettings {
        require(requestsPerSecond >= 0 && requestsPerSecond <= MOST, "requests-per-second must be from 0 to " + MOST);
        require(requestsBurst >= 0 && requestsBurst <= MOST, "requests-burst must be from 0 to " + MOST);
        requireFailures("sign-in-failures", signInFailuresPerSecond, signInFailuresBurst);
        requireFailures("code-failures", codeFailuresPerSecond, codeFailuresBurst);
        require(tracked >= 1_000, "tracked must be at least 1000");
        requestsBurst = requestsBurst == 0 ? requestsPerSecond : requestsBurst;
    }

    private static void requireFailures(String name, long perSecond, long burst) {
        require(perSecond >= 1 && perSecond <= MOST_FAILURES, name + "-per-second must be from 1 to " + MOST_FAILURES);
        require(burst >= 0 && burst <= MOST, name + "-burst must be from 0 to " + MOST);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("userstore.limits." + message);
        }
    }
}
