package io.userstore.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One request before it is sent. Immutable.
 *
 * @param path relative to the server, encoded
 * @param query names and values, not yet encoded
 * @param body to be written as JSON, null for none
 */
record Request(
        String method,
        String path,
        List<Map.Entry<String, String>> query,
        Map<String, String> headers,
        @Nullable Object body) {

    static Request get(String... segments) {
        return of("GET", null, segments);
    }

    static Request of(String method, @Nullable Object body, String... segments) {
        String path = "/1"
                + List.of(segments).stream()
                        .map(Request::encoded)
                        .map(s -> "/" + s)
                        .collect(Collectors.joining());
        return new Request(method, path, List.of(), Map.of(), body);
    }

    /** The same with an option, in place of one of that name, unless it has no value. */
    Request with(String option, @Nullable Object value) {
        return value == null ? this : with(option, List.of(value.toString()));
    }

    /** The same with an option that comes as often as it has values. */
    Request with(String option, List<String> values) {
        List<Map.Entry<String, String>> more = new ArrayList<>(query);
        more.removeIf(other -> other.getKey().equals(option));
        values.forEach(value -> more.add(Map.entry(option, value)));
        return new Request(method, path, more, headers, body);
    }

    Request header(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Request(method, path, query, more, body);
    }

    Request with(ReadOptions options) {
        return header("Consistency-Token", options.consistencyToken())
                .header("Prefer", options.patience() == null ? null : seconds(options.patience()))
                .header("X-Request-Id", options.requestId());
    }

    Request with(WriteOptions options) {
        List<String> preferences = new ArrayList<>();
        if (options.respondAsync()) {
            preferences.add("respond-async");
        }
        if (options.patience() != null) {
            preferences.add(seconds(options.patience()));
        }
        return header("Prefer", preferences.isEmpty() ? null : String.join(", ", preferences))
                .header("If-Match", options.ifMatch() == null ? null : "\"" + options.ifMatch() + "\"")
                .header("Idempotency-Key", options.idempotencyKey())
                .header("X-Request-Id", options.requestId());
    }

    private static String seconds(Duration wait) {
        return "wait=" + wait.toSeconds();
    }

    URI uri(String base) {
        String options = query.stream()
                .map(option -> encoded(option.getKey()) + "=" + encoded(option.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(base + path + (options.isEmpty() ? "" : "?" + options));
    }

    /** Percent-encoded (RFC 3986), for a segment of a path as for an option. */
    private static String encoded(String text) {
        String form = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        // A segment of dots alone would lead out of its place.
        return form.matches("\\.+") ? form.replace(".", "%2E") : form;
    }

    @Override
    public String toString() {
        return "Request[" + method + "]";
    }
}
