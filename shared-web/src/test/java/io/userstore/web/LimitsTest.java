package io.userstore.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class LimitsTest {
    private static final String SIGN_IN = "/1/auth/signin";

    private final AtomicLong nanos = new AtomicLong();
    private final TimeMeter clock = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };
    private MockHttpServletResponse last = new MockHttpServletResponse();

    @Test
    void nothingIsLimitedUnlessSomebodySaysSo() throws Exception {
        LimitsFilter limits = limits(0, 0, 1, 0);
        for (int i = 0; i < 100; i++) {
            call(limits, "key_1", "192.0.2.1", SIGN_IN, 401);
        }
        assertThat(last.getHeaderNames()).doesNotContain("RateLimit");
    }

    @Test
    void aKeyMayAskSoMuchAndIsToldWhatIsLeft() throws Exception {
        LimitsFilter limits = limits(2, 3, 1, 0);
        call(limits, "key_1", "192.0.2.1", "/1/users", 200);
        assertThat(last.getHeader("RateLimit-Policy")).isEqualTo("\"requests\";q=3;w=2");
        assertThat(last.getHeader("RateLimit")).isEqualTo("\"requests\";r=2;t=0");
        call(limits, "key_1", "192.0.2.1", "/1/users", 200);
        call(limits, "key_1", "192.0.2.2", "/1/stats", 200);
        assertRefused(limits, "key_1", "192.0.2.3", "/1/users");
        assertThat(last.getHeader("RateLimit")).isEqualTo("\"requests\";r=0;t=1");
        call(limits, "key_2", "192.0.2.1", "/1/users", 200);
        later(500);
        call(limits, "key_1", "192.0.2.1", "/1/users", 200);
        assertRefused(limits, "key_1", "192.0.2.1", "/1/users");
    }

    @Test
    void burstIsASecondsWorthUnlessItIsGiven() {
        assertThat(new LimitSettings(50, 0, 10, 100, 1, 10, 1_000).requestsBurst())
                .isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 410})
    void anAddressMayFailSoOftenAndThenWaits(int failure) throws Exception {
        LimitsFilter limits = limits(0, 0, 1, 3);
        for (int i = 0; i < 3; i++) {
            call(limits, "key_" + i, "192.0.2.1", SIGN_IN, failure);
        }
        for (String path : List.of(SIGN_IN, "/1/auth/confirm")) {
            assertRefused(limits, "key_9", "192.0.2.1", path);
        }
        assertThat(last.getHeader("RateLimit-Policy")).isEqualTo("\"failed-sign-ins\";q=3;w=3");
        assertThat(last.getHeader("RateLimit")).isEqualTo("\"failed-sign-ins\";r=0;t=1");
        call(limits, "key_9", "192.0.2.1", "/1/users", 200);
        call(limits, "key_9", "192.0.2.2", SIGN_IN, 200);
        later(1_000);
        call(limits, "key_9", "192.0.2.1", SIGN_IN, failure);
        assertRefused(limits, "key_9", "192.0.2.1", SIGN_IN);
    }

    @Test
    void wrongCodesAreCountedApartFromWrongPasswords() throws Exception {
        LimitsFilter limits = limits(0, 0, 1, 3);
        for (int i = 0; i < 3; i++) {
            call(limits, "key_1", "192.0.2.1", "/1/auth/verify", 404);
        }
        for (String path : List.of("/1/auth/verify", "/1/auth/reset-password", "/1/tokens/abc", "/confirm")) {
            assertRefused(limits, "key_1", "192.0.2.1", path);
        }
        assertThat(last.getHeader("RateLimit-Policy")).isEqualTo("\"wrong-codes\";q=3;w=3");
        call(limits, "key_1", "192.0.2.1", SIGN_IN, 200);
    }

    @Test
    void whoSignsInRightlyIsNeverLimited() throws Exception {
        LimitsFilter limits = limits(0, 0, 1, 1);
        for (int i = 0; i < 100; i++) {
            call(limits, "key_1", "192.0.2.1", SIGN_IN, i % 2 == 0 ? 200 : 400);
        }
        assertThat(last.getHeaderNames()).doesNotContain("RateLimit");
    }

    /** What is under way at once has passed the check together. */
    @Test
    void manyFailuresAtOnceArePaidForAfterwards() throws Exception {
        LimitsFilter limits = limits(0, 0, 1, 1);
        call(limits, "key_1", "192.0.2.1", SIGN_IN, (request, response) -> {
            call(limits, "key_1", "192.0.2.1", SIGN_IN, 401);
            ((HttpServletResponse) response).setStatus(401);
        });
        later(1_000);
        assertRefused(limits, "key_1", "192.0.2.1", SIGN_IN);
        later(1_000);
        call(limits, "key_1", "192.0.2.1", SIGN_IN, 200);
    }

    @Test
    void anIpv6SubscriberIsOneHoweverManyAddressesItTakes() throws Exception {
        LimitsFilter limits = limits(0, 0, 1, 1);
        call(limits, "key_1", "2001:db8:1:2::1", SIGN_IN, 401);
        assertRefused(limits, "key_1", "2001:db8:1:2:ffff::9", SIGN_IN);
        call(limits, "key_1", "2001:db8:1:3::1", SIGN_IN, 200);
    }

    private LimitsFilter limits(
            long requestsPerSecond, long requestsBurst, long failuresPerSecond, long failuresBurst) {
        LimitSettings settings = new LimitSettings(
                requestsPerSecond,
                requestsBurst,
                failuresPerSecond,
                failuresBurst,
                failuresPerSecond,
                failuresBurst,
                1_000);
        return new LimitsFilter(settings, new TrustedProxies(List.of()), clock);
    }

    private void later(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void call(LimitsFilter limits, String keyId, String address, String path, int answer)
            throws ServletException, IOException {
        call(limits, keyId, address, path, (request, response) -> ((HttpServletResponse) response).setStatus(answer));
    }

    private void call(LimitsFilter limits, String keyId, String address, String path, FilterChain answer)
            throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", path);
        request.setServletPath(path);
        request.setRemoteAddr(address);
        if (path.startsWith("/1/")) {
            new Caller("default", keyId, Set.of(), "req", address).attachTo(request);
        }
        last = new MockHttpServletResponse();
        limits.doFilter(request, last, answer);
    }

    private void assertRefused(LimitsFilter limits, String keyId, String address, String path) {
        assertThatThrownBy(() -> call(limits, keyId, address, path, 200))
                .isInstanceOfSatisfying(ApiException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
                    assertThat(error.retryAfterSeconds()).isEqualTo(1);
                });
    }
}
