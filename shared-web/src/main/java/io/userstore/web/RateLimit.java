package io.userstore.web;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One limit, a bucket of tokens for each who is limited. Bounded: when more are tracked than fit, who has not been seen
 * for longest begins anew. Thread-safe.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit header fields for HTTP</a>
 */
final class RateLimit {
    private final String policy;
    private final long burst;
    private final long perSecond;
    private final LoadingCache<String, Bucket> buckets;

    /**
     * @param policy its name in the headers
     * @param burst tokens of a full bucket, above 0
     * @param perSecond tokens that come back, above 0
     * @param tracked most buckets
     */
    RateLimit(String policy, long burst, long perSecond, long tracked, TimeMeter clock) {
        this.policy = policy;
        this.burst = burst;
        this.perSecond = perSecond;
        // A bucket that has not been asked for this long is full again, and so is a new one.
        Duration full = Duration.ofSeconds(window()).plusMinutes(10);
        this.buckets = Caffeine.newBuilder()
                // Its upkeep takes less than to wake another thread for it.
                .executor(Runnable::run)
                .maximumSize(tracked)
                .expireAfterAccess(full)
                .build(who -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                        .withCustomTimePrecision(clock)
                        .build());
    }

    /** Takes one token, or refuses; the answer tells what is left. */
    void take(String who, HttpServletResponse response) {
        Bucket bucket = buckets.get(who);
        boolean taken = bucket.tryConsume(1);
        tell(bucket, response);
        if (!taken) {
            throw refusal(bucket);
        }
    }

    /** Takes no token, and refuses when none is left. */
    void check(String who, HttpServletResponse response) {
        Bucket bucket = buckets.get(who);
        if (bucket.getAvailableTokens() <= 0) {
            tell(bucket, response);
            throw refusal(bucket);
        }
    }

    /** Takes one token even when none is left: who tries many at once pays for all of them afterwards. */
    void charge(String who) {
        buckets.get(who).consumeIgnoringRateLimits(1);
    }

    private void tell(Bucket bucket, HttpServletResponse response) {
        response.addHeader("RateLimit-Policy", '"' + policy + "\";q=" + burst + ";w=" + window());
        long left = Math.max(0, bucket.getAvailableTokens());
        response.addHeader("RateLimit", '"' + policy + "\";r=" + left + ";t=" + secondsToNext(bucket));
    }

    /** Seconds in which an empty bucket is full again. */
    private long window() {
        return Math.ceilDiv(burst, perSecond);
    }

    private static long secondsToNext(Bucket bucket) {
        long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1));
    }

    private static ApiException refusal(Bucket bucket) {
        int seconds = (int) Math.clamp(secondsToNext(bucket), 1, Integer.MAX_VALUE);
        return ApiException.retryLater(ErrorCode.TOO_MANY_REQUESTS, ErrorCode.TOO_MANY_REQUESTS.title(), seconds);
    }
}
