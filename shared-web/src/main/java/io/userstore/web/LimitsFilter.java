package io.userstore.web;

import io.github.bucket4j.TimeMeter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Limits what one key may ask in a time, and what one address may get wrong: passwords and codes are found out by trying,
 * so failures count, and right ones cost nothing.
 */
final class LimitsFilter implements Filter {
    private static final Set<String> SIGN_INS = Set.of("/1/auth/signin", "/1/auth/confirm");
    private static final Set<String> CODES = Set.of(
            "/1/auth/verify", "/1/auth/forgot-password", "/1/auth/reset-password", "/confirm", "/reset-password");
    private static final String TOKENS = "/1/tokens/";
    private static final Set<Integer> FAILURES = Set.of(401, 404, 410);

    private final @Nullable RateLimit requests;
    private final @Nullable RateLimit signIns;
    private final @Nullable RateLimit codes;
    private final TrustedProxies proxies;

    LimitsFilter(LimitSettings settings, TrustedProxies proxies, TimeMeter clock) {
        this.requests = settings.requestsPerSecond() == 0
                ? null
                : new RateLimit(
                        "requests", settings.requestsBurst(), settings.requestsPerSecond(), settings.tracked(), clock);
        this.signIns = settings.signInFailuresBurst() == 0
                ? null
                : new RateLimit(
                        "failed-sign-ins",
                        settings.signInFailuresBurst(),
                        settings.signInFailuresPerSecond(),
                        settings.tracked(),
                        clock);
        this.codes = settings.codeFailuresBurst() == 0
                ? null
                : new RateLimit(
                        "wrong-codes",
                        settings.codeFailuresBurst(),
                        settings.codeFailuresPerSecond(),
                        settings.tracked(),
                        clock);
        this.proxies = proxies;
    }

    @Override
    public void doFilter(ServletRequest plainRequest, ServletResponse plainResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plainRequest;
        HttpServletResponse response = (HttpServletResponse) plainResponse;
        Optional<Caller> caller = Caller.known(request);
        if (requests != null && caller.isPresent()) {
            requests.take(caller.get().keyId(), response);
        }
        RateLimit failures = limitOnFailures(request);
        if (failures == null) {
            chain.doFilter(request, response);
            return;
        }
        String network = Addresses.network(caller.map(Caller::address).orElseGet(() -> proxies.address(request)));
        failures.check(network, response);
        chain.doFilter(request, response);
        if (FAILURES.contains(response.getStatus())) {
            failures.charge(network);
        }
    }

    /** By the decoded path, which is what leads to a controller: an encoded letter must not lead around the limit. */
    private @Nullable RateLimit limitOnFailures(HttpServletRequest request) {
        String path = request.getServletPath();
        if (SIGN_INS.contains(path)) {
            return signIns;
        }
        return CODES.contains(path) || path.startsWith(TOKENS) ? codes : null;
    }
}
