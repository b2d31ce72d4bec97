package io.userstore.web;

import com.github.f4b6a3.uuid.UuidCreator;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The first thing that every request meets: gives it its id, and below {@code /1/} asks for a key.
 */
final class EdgeFilter implements Filter {
    /** The key in the logs' context. */
    static final String REQUEST_ID = "request_id";

    private static final String HEADER = "X-Request-Id";
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._:+/=-]{1,128}");
    private static final String API = "/1/";

    private final ApiKeys keys;
    private final TrustedProxies proxies;

    EdgeFilter(ApiKeys keys, TrustedProxies proxies) {
        this.keys = keys;
        this.proxies = proxies;
    }

    @Override
    public void doFilter(ServletRequest plainRequest, ServletResponse plainResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plainRequest;
        HttpServletResponse response = (HttpServletResponse) plainResponse;
        String requestId = requestId(request.getHeader(HEADER));
        request.setAttribute(REQUEST_ID, requestId);
        response.setHeader(HEADER, requestId);
        MDC.put(REQUEST_ID, requestId);
        try {
            if (request.getRequestURI().startsWith(API)) {
                authenticate(request, requestId).attachTo(request);
            }
            chain.doFilter(request, response);
        } catch (ApiException e) {
            Answers.problem(request, response, e);
        } finally {
            MDC.remove(REQUEST_ID);
        }
    }

    private Caller authenticate(HttpServletRequest request, String requestId) {
        String key = Credentials.key(request).orElseThrow(EdgeFilter::unauthorized);
        ApiKeys.Grant grant = keys.find(key).orElseThrow(this::unknown);
        return new Caller(grant.application(), grant.id(), grant.permissions(), requestId, proxies.address(request));
    }

    private ApiException unknown() {
        return keys.isComplete()
                ? unauthorized()
                : ApiException.retryLater(ErrorCode.UNAVAILABLE, "the keys are still being read", 1);
    }

    private static ApiException unauthorized() {
        return ApiException.of(ErrorCode.UNAUTHORIZED, "the key is missing or not known");
    }

    private static String requestId(@Nullable String sent) {
        return sent != null && ACCEPTED.matcher(sent).matches()
                ? sent
                : UuidCreator.getRandomBasedFast().toString();
    }
}
