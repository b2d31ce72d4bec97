package io.userstore.query.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;

/** Conditional reads (RFC 9110, 13.1.2). */
final class EntityTags {
    private static final String WEAK = "W/";

    private EntityTags() {}

    /** Whether {@code If-None-Match} names the tag, by weak comparison, or is {@code *}. */
    static boolean noneMatchNames(HttpServletRequest request, String etag) {
        for (String line : Collections.list(request.getHeaders("If-None-Match"))) {
            for (String part : line.split(",")) {
                String candidate = part.strip();
                String opaque = candidate.startsWith(WEAK) ? candidate.substring(WEAK.length()) : candidate;
                if (candidate.equals("*") || opaque.equals(etag)) {
                    return true;
                }
            }
        }
        return false;
    }
}
