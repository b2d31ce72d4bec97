package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a request's body, JSON or form, into one shape: a map from field to value. A form's {@code extra[color]=blue}
 * becomes an entry of the map under {@code extra}, and {@code a[b][c]=d} one of a map in a map.
 */
final class Body {
    static final int MAX_BYTES = 64 * 1024;

    private static final Pattern NESTED = Pattern.compile("([a-z_]{1,64})\\[(.{1,256})]");
    private static final int MAX_DEPTH = 16;

    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(64)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Body() {}

    /**
     * Reads the body; a missing one is an empty map.
     *
     * @throws ApiException 413 beyond 64 KiB, 415 for other content types, 400 for what cannot be read, with its place
     */
    static Fields read(HttpServletRequest request, Faults faults) throws IOException {
        byte[] bytes = bytes(request);
        String type = mediaType(request.getContentType());
        if (bytes.length == 0) {
            return new Fields(Map.of(), faults, false);
        }
        return switch (type) {
            case "application/json", "application/merge-patch+json" -> new Fields(json(bytes), faults, false);
            case "application/x-www-form-urlencoded" -> new Fields(form(bytes, faults), faults, true);
            default ->
                throw ApiException.of(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "the body must be application/json or application/x-www-form-urlencoded");
        };
    }

    /** The body as it came, which can be asked for once; at most 64 KiB. */
    static byte[] bytes(HttpServletRequest request) throws IOException {
        long announced = request.getContentLengthLong();
        if (announced > MAX_BYTES) {
            throw tooLarge();
        }
        byte[] bytes = request.getInputStream().readNBytes(announced < 0 ? MAX_BYTES + 1 : (int) announced);
        if (bytes.length > MAX_BYTES) {
            throw tooLarge();
        }
        return bytes;
    }

    private static ApiException tooLarge() {
        return ApiException.of(ErrorCode.PAYLOAD_TOO_LARGE, "a body may have " + MAX_BYTES + " bytes");
    }

    static String mediaType(@Nullable String header) {
        if (header == null) {
            return "";
        }
        int semicolon = header.indexOf(';');
        String type = semicolon < 0 ? header : header.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads one line of a stream of JSON objects.
     *
     * @throws ApiException 400 for what cannot be read, with its column
     */
    static Map<String, Object> jsonLine(byte[] line) {
        return json(line, place -> "column " + Math.max(1, place.getColumnNr()));
    }

    private static Map<String, Object> json(byte[] bytes) {
        return json(bytes, place -> "line " + place.getLineNr() + ", column " + Math.max(1, place.getColumnNr()));
    }

    private static Map<String, Object> json(byte[] bytes, Function<TokenStreamLocation, String> shown) {
        try {
            if (STRICT.readValue(utf8(bytes), Object.class) instanceof Map<?, ?> object) {
                @SuppressWarnings("unchecked") // a JSON object's keys are strings
                Map<String, Object> fields = (Map<String, Object>) object;
                return fields;
            }
            throw ApiException.of(ErrorCode.MALFORMED_REQUEST, "the body must be a JSON object");
        } catch (JacksonException e) {
            TokenStreamLocation place = e.getLocation();
            throw ApiException.of(
                    ErrorCode.MALFORMED_REQUEST, "broken JSON" + (place == null ? "" : " at " + shown.apply(place)));
        }
    }

    private static Map<String, Object> form(byte[] bytes, Faults faults) {
        Map<String, Object> fields = new LinkedHashMap<>();
        QueryParameters.parse(utf8(bytes), faults).forEach((name, value) -> {
            Matcher nested = NESTED.matcher(name);
            if (!nested.matches()) {
                fields.put(name, value);
                return;
            }
            String key = nested.group(2);
            int inner = key.indexOf("][");
            if (inner < 0) {
                putInto(fields, nested.group(1), key, value);
            } else {
                Map<String, Object> parent = child(fields, nested.group(1));
                putInto(parent, key.substring(0, inner), key.substring(inner + 2), value);
            }
        });
        return fields;
    }

    private static void putInto(Map<String, Object> parent, String name, String key, String value) {
        child(parent, name).put(key, value);
    }

    /** The map of that name; one that nobody sees where the name has a plain value already. */
    private static Map<String, Object> child(Map<String, Object> parent, String name) {
        Object found = parent.computeIfAbsent(name, key -> new LinkedHashMap<String, Object>());
        if (found instanceof Map<?, ?>) {
            @SuppressWarnings("unchecked") // a form has no other maps than those made here
            Map<String, Object> child = (Map<String, Object>) found;
            return child;
        }
        return new LinkedHashMap<>();
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.of(ErrorCode.MALFORMED_REQUEST, "the body is not UTF-8");
        }
    }
}
