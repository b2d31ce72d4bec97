package io.userstore.command.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a caller allows with {@code If-Match}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-if-match">RFC 9110, 13.1.1</a>
 */
final class Preconditions {
    private static final Pattern STRONG_TAG = Pattern.compile("(?<!W/)\"(\\d{1,18})\"");

    private Preconditions() {}

    /** The versions asked for, or null when any will do; tags that are weak or not ours match nothing. */
    static @Nullable Set<Long> ifMatch(HttpServletRequest request) {
        if (request.getHeader("If-Match") == null) {
            return null;
        }
        Set<Long> versions = new HashSet<>();
        for (String header : Collections.list(request.getHeaders("If-Match"))) {
            if (header.strip().equals("*")) {
                return null;
            }
            Matcher tags = STRONG_TAG.matcher(header);
            while (tags.find()) {
                versions.add(Long.parseLong(tags.group(1)));
            }
        }
        return versions;
    }
}
