package io.userstore.web;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.user.Text;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options in a request's query string. Read apart from the body, which the servlet API would mix in. What is asked
 * for is taken; {@link #rejectOthers()} then tells of the rest. Not thread-safe: one per request.
 */
public final class QueryParameters {
    private final Map<String, String> values;
    private final Map<String, List<String>> repeated = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final Faults faults;

    /** @throws ApiException {@link ErrorCode#MALFORMED_REQUEST} for a query string that cannot be decoded */
    public QueryParameters(HttpServletRequest request, Faults faults) {
        this(request, faults, new String[0]);
    }

    /**
     * Options of which some may be given more than once.
     *
     * @param repeatable their names, to be asked for with {@link #texts}
     * @throws ApiException {@link ErrorCode#MALFORMED_REQUEST} for a query string that cannot be decoded
     */
    public QueryParameters(HttpServletRequest request, Faults faults, String... repeatable) {
        for (String name : repeatable) {
            repeated.put(name, new ArrayList<>());
        }
        this.values = parse(request.getQueryString(), faults, repeated);
        this.faults = faults;
    }

    /**
     * Decodes {@code application/x-www-form-urlencoded} text, in its order; a name that comes twice is a fault.
     *
     * @throws ApiException {@link ErrorCode#MALFORMED_REQUEST} for a broken percent encoding or broken UTF-8
     * @see <a href="https://url.spec.whatwg.org/#application/x-www-form-urlencoded">WHATWG URL, 5</a>
     */
    public static Map<String, String> parse(@Nullable String encoded, Faults faults) {
        return parse(encoded, faults, Map.of());
    }

    private static Map<String, String> parse(
            @Nullable String encoded, Faults faults, Map<String, List<String>> repeated) {
        Map<String, String> parsed = new LinkedHashMap<>();
        if (encoded == null || encoded.isEmpty()) {
            return parsed;
        }
        for (String pair : encoded.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            List<String> all = repeated.get(name);
            if (all != null) {
                all.add(value);
            } else if (parsed.putIfAbsent(name, value) != null) {
                faults.add(shown(name), Kind.INVALID, "given more than once");
            }
        }
        return parsed;
    }

    private static String decode(String text) {
        try {
            String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
            if (decoded.indexOf('\uFFFD') >= 0 && !text.contains("%EF%BF%BD") && !text.contains("%ef%bf%bd")) {
                throw ApiException.of(ErrorCode.MALFORMED_REQUEST, "not UTF-8");
            }
            return decoded;
        } catch (IllegalArgumentException e) {
            throw ApiException.of(ErrorCode.MALFORMED_REQUEST, "broken percent encoding");
        }
    }

    /** A name that came from outside, fit to be repeated in an answer. */
    public static String shown(String name) {
        String clean = Text.isCleanLine(name) ? name : "?";
        return clean.length() <= 64 ? clean : clean.substring(0, 61) + "...";
    }

    /** Whether it was given, and be it empty. Does not ask for it. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value, or null when it was not given or given empty. */
    public @Nullable String text(String name) {
        asked.add(name);
        String value = values.get(name);
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (!Text.isCleanLine(value)) {
            faults.add(name, Kind.INVALID, "contains control characters");
            return null;
        }
        return value;
    }

    /** All values of an option that may be given more than once, without those that are empty. */
    public List<String> texts(String name) {
        List<String> texts = repeated.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .toList();
        if (!texts.stream().allMatch(Text::isCleanLine)) {
            faults.add(name, Kind.INVALID, "contains control characters");
            return List.of();
        }
        return texts;
    }

    /** A whole number within bounds, or the fallback when it was not given; else a fault. */
    public long number(String name, long fallback, long least, long most) {
        String value = text(name);
        if (value == null) {
            return fallback;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
            faults.add(name, Kind.INVALID, "must be from " + least + " to " + most);
        } catch (NumberFormatException e) {
            faults.add(name, Kind.WRONG_TYPE, "must be a whole number from " + least + " to " + most);
        }
        return fallback;
    }

    /** {@code true} or {@code false} (also {@code 1}, {@code 0}), or null when it was not given; else a fault. */
    public @Nullable Boolean flag(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> {
                faults.add(name, Kind.WRONG_TYPE, "must be true or false");
                yield null;
            }
        };
    }

    /** A time of RFC 3339, or a date as its first instant in UTC; null when it was not given; else a fault. */
    public @Nullable Instant time(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            Instant time = value.length() == 10
                    ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(value).toInstant();
            if (time.atOffset(ZoneOffset.UTC).getYear() >= 1970
                    && time.atOffset(ZoneOffset.UTC).getYear() <= 9999) {
                return time;
            }
            faults.add(name, Kind.INVALID, "must lie between the years 1970 and 9999");
        } catch (DateTimeException e) {
            faults.add(name, Kind.WRONG_TYPE, "must be a time such as 2026-01-04T23:48:34Z, or a date");
        }
        return null;
    }

    /** One of the choices, or the first of them when it was not given; else a fault. */
    public String choice(String name, String... choices) {
        String value = text(name);
        if (value == null) {
            return choices[0];
        }
        for (String choice : choices) {
            if (choice.equals(value)) {
                return choice;
            }
        }
        faults.add(name, Kind.INVALID, "must be one of " + String.join(", ", choices));
        return choices[0];
    }

    /** Adds a fault for every option that nobody asked for: a misspelt filter must not silently match everything. */
    public void rejectOthers() {
        for (String name : values.keySet()) {
            if (!asked.contains(name)) {
                faults.add(shown(name), Kind.UNKNOWN, "not an option of this call");
            }
        }
    }
}
