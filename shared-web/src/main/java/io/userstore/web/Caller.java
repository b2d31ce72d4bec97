package io.userstore.web;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;

/**
 * Who sends a request: the application that the key belongs to, and what the key may do.
 *
 * @param keyId names the key in events and logs without being it
 * @param requestId the request's id, which is also the correlation id of the events that come of it
 * @param address the IP address the request came from, see {@link TrustedProxies}
 */
public record Caller(String application, String keyId, Set<Permission> permissions, String requestId, String address) {
    private static final String ATTRIBUTE = Caller.class.getName();

    public Caller {
        permissions = Set.copyOf(permissions);
    }

    /**
     * The caller of a request below {@code /1/}, once the key has been checked.
     *
     * @throws ApiException {@link ErrorCode#FORBIDDEN} when the key lacks the permission
     */
    public static Caller of(HttpServletRequest request, Permission needed) {
        Caller caller = known(request).orElseThrow(() -> ApiException.of(ErrorCode.UNAUTHORIZED));
        if (!caller.permissions.contains(needed)) {
            throw ApiException.of(ErrorCode.FORBIDDEN, "the key lacks the permission " + needed.text());
        }
        return caller;
    }

    /** The caller of a request whose key has been checked; empty for one that needs none. */
    static Optional<Caller> known(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? Optional.of(caller) : Optional.empty();
    }

    /** The id of any request, also of one that needs no key. */
    public static String requestIdOf(HttpServletRequest request) {
        return String.valueOf(request.getAttribute(EdgeFilter.REQUEST_ID));
    }

    void attachTo(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }
}
