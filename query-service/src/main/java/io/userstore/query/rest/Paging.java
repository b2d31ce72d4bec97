package io.userstore.query.rest;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a page lies in its list, as UserStore.io answers it.
 *
 * @param next the next page's absolute address, null at the end
 * @param previous the previous page's, null at the beginning
 * @param after the cursor of the next page
 * @param before the cursor of the previous page
 * @param totalCount all entries, on whatever page
 */
@JsonPropertyOrder({"next", "previous", "after", "before", "total_count"})
record Paging(
        @Nullable String next,
        @Nullable String previous,
        @Nullable Long after,
        @Nullable Long before,
        long totalCount) {
    static final String AFTER = "after";
    static final String PLACE = "place";
    private static final String BEFORE = "before";

    /** A page and the entries on it. */
    record Page<T>(Paging paging, List<T> data) {}

    /** Which page is asked for; at most one of the cursors is there. */
    record Asked(int limit, @Nullable Long after, @Nullable Long before) {
        private static final int LIMIT = 100;
        private static final int MAX_LIMIT = 1_000;

        static Asked of(QueryParameters options, Faults faults) {
            int limit = limit(options);
            Long after = cursor(options, AFTER);
            Long before = cursor(options, BEFORE);
            if (after != null && before != null) {
                faults.add(BEFORE, Kind.INVALID, "not together with after");
            }
            return new Asked(limit, after, before);
        }

        static int limit(QueryParameters options) {
            return (int) options.number("limit", LIMIT, 1, MAX_LIMIT);
        }

        private static @Nullable Long cursor(QueryParameters options, String name) {
            return options.text(name) == null ? null : options.number(name, 0, 0, Long.MAX_VALUE);
        }

        /** Whichever cursor was given. */
        String cursorName() {
            return after == null ? BEFORE : AFTER;
        }
    }

    static Paging of(HttpServletRequest request, @Nullable Long after, @Nullable Long before, long totalCount) {
        return of(request, after, null, before, null, totalCount);
    }

    /**
     * Where places belong to the cursors.
     *
     * @param afterPlace as {@link #PLACE} takes it; null where the cursor alone tells
     */
    static Paging of(
            HttpServletRequest request,
            @Nullable Long after,
            @Nullable String afterPlace,
            @Nullable Long before,
            @Nullable String beforePlace,
            long totalCount) {
        return new Paging(
                link(request, AFTER, after, afterPlace),
                link(request, BEFORE, before, beforePlace),
                after,
                before,
                totalCount);
    }

    private static @Nullable String link(
            HttpServletRequest request, String name, @Nullable Long cursor, @Nullable String place) {
        if (cursor == null) {
            return null;
        }
        String link = link(request, name, cursor.toString());
        return place == null ? link : link + '&' + PLACE + '=' + encoded(place);
    }

    /** The request's own address and options with another cursor. */
    static String link(HttpServletRequest request, String cursor, String value) {
        StringBuilder link = new StringBuilder(request.getRequestURL()).append('?');
        QueryParameters.parse(request.getQueryString(), new Faults()).forEach((name, text) -> {
            if (!name.equals(AFTER) && !name.equals(BEFORE) && !name.equals(PLACE)) {
                link.append(encoded(name)).append('=').append(encoded(text)).append('&');
            }
        });
        return link.append(cursor).append('=').append(encoded(value)).toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
