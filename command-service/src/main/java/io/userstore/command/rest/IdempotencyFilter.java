package io.userstore.command.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.FieldFault;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.command.idempotency.Claims;
import io.userstore.command.idempotency.Claims.Claim;
import io.userstore.command.idempotency.Claims.Outcome;
import io.userstore.command.idempotency.RequestSecrets;
import io.userstore.web.Credentials;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Carries out a write that has an {@code Idempotency-Key} once, and answers it the same again. Requests without the header
 * pass through untouched.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key header</a>
 */
final class IdempotencyFilter extends OncePerRequestFilter {
    static final String HEADER = "Idempotency-Key";

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyFilter.class);
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,253}[\\x21-\\x7e])?");
    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final String API = "/1/";
    private static final String IMPORT = "/1/users/import";
    private static final int FIRST_SERVER_ERROR = 500;

    private final Claims claims;
    private final MeterRegistry metrics;

    IdempotencyFilter(Claims claims, MeterRegistry metrics) {
        this.claims = claims;
        this.metrics = metrics;
    }

    /** An import is resumable by itself, and longer than what can be remembered. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HEADER) == null
                || !WRITES.contains(request.getMethod())
                || !request.getRequestURI().startsWith(API)
                || request.getServletPath().equals(IMPORT);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        RequestSecrets secrets = secrets(request);
        byte[] body = Body.bytes(request);
        switch (claim(secrets, request, body)) {
            case Outcome.Won(Claim claim) ->
                carryOut(claim, secrets, new BufferedRequest(request, body), response, chain);
            case Outcome.Answered(byte[] sealed) -> replay(secrets, sealed, response);
            case Outcome.Reused() -> throw refused("reused", ApiException.of(ErrorCode.IDEMPOTENCY_KEY_REUSED));
            case Outcome.Lost() -> throw refused("lost", ApiException.of(ErrorCode.IDEMPOTENT_ANSWER_LOST));
            case Outcome.Running() ->
                throw refused(
                        "running",
                        ApiException.retryLater(
                                ErrorCode.IDEMPOTENCY_KEY_IN_USE, ErrorCode.IDEMPOTENCY_KEY_IN_USE.title(), 1));
        }
    }

    private static RequestSecrets secrets(HttpServletRequest request) {
        List<String> given = Collections.list(request.getHeaders(HEADER));
        if (given.size() != 1 || !PRINTABLE.matcher(given.getFirst().strip()).matches()) {
            throw ApiException.validation(List.of(
                    new FieldFault(HEADER, Kind.INVALID, "must be one of 1 to 255 printable ASCII characters")));
        }
        String apiKey = Credentials.key(request)
                .orElseThrow(() -> new IllegalStateException("no request gets here without a key"));
        return RequestSecrets.of(apiKey, given.getFirst().strip());
    }

    private Outcome claim(RequestSecrets secrets, HttpServletRequest request, byte[] body) {
        String query = request.getQueryString();
        String target = request.getRequestURI() + (query == null ? "" : "?" + query);
        try {
            return claims.claim(secrets.id(), secrets.fingerprint(request.getMethod(), target, body));
        } catch (DataAccessException | TransactionException e) {
            LOG.error("a request cannot be claimed now: {}", e.getClass().getName(), e);
            throw ApiException.retryLater(ErrorCode.UNAVAILABLE, "the event store cannot be reached", 1);
        }
    }

    private void carryOut(
            Claim claim,
            RequestSecrets secrets,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws ServletException, IOException {
        ContentCachingResponseWrapper answer = new ContentCachingResponseWrapper(response);
        boolean done = false;
        try (Claims.Scope scope = claims.carryOut(claim)) {
            chain.doFilter(request, answer);
            done = isToBeRemembered(answer);
        } finally {
            finish(claim, secrets, answer, done);
        }
        answer.copyBodyToResponse();
    }

    /** Not what may pass by itself, nor an error that the container has yet to write. */
    private static boolean isToBeRemembered(ContentCachingResponseWrapper answer) {
        int status = answer.getStatus();
        boolean unwritten = status >= 400 && answer.getContentSize() == 0;
        return status < FIRST_SERVER_ERROR && status != ErrorCode.TOO_MANY_REQUESTS.status() && !unwritten;
    }

    /** Whatever happens here, the request has been carried out or not, and is answered as such. */
    private void finish(Claim claim, RequestSecrets secrets, ContentCachingResponseWrapper answer, boolean done) {
        try {
            if (done) {
                RememberedAnswer remembered = RememberedAnswer.of(answer, answer.getContentAsByteArray());
                claims.remember(claim, secrets.seal(remembered.toJson()));
            } else {
                claims.release(claim);
            }
            count(done ? "executed" : "failed");
        } catch (DataAccessException | TransactionException e) {
            count("forgotten");
            LOG.error(
                    "the answer of a request cannot be remembered: {}",
                    e.getClass().getName(),
                    e);
        }
    }

    private void replay(RequestSecrets secrets, byte[] sealed, HttpServletResponse response) throws IOException {
        byte[] opened = secrets.open(sealed)
                .orElseThrow(() -> refused("lost", ApiException.of(ErrorCode.IDEMPOTENT_ANSWER_LOST)));
        RememberedAnswer.fromJson(opened).replay(response);
        count("replayed");
    }

    private ApiException refused(String outcome, ApiException error) {
        count(outcome);
        return error;
    }

    private void count(String outcome) {
        metrics.counter("userstore.idempotency", "outcome", outcome).increment();
    }

    /** A request whose body has been read already, and is read again from memory. */
    private static final class BufferedRequest extends HttpServletRequestWrapper {
        private final byte[] body;

        BufferedRequest(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            return new BufferedBody(body);
        }
    }
}
