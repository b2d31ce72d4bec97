package io.userstore.command.rest;

import io.userstore.api.json.Json;
import io.userstore.web.Answers;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An answer as it is remembered for requests that come again. */
record RememberedAnswer(int status, Map<String, String> headers, byte[] body) {
    private static final List<String> REPEATED = List.of("Location", "ETag", "Consistency-Token", "Cache-Control");
    private static final String CONTENT_TYPE = "Content-Type";

    static RememberedAnswer of(HttpServletResponse response, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        REPEATED.forEach(name -> put(headers, name, response.getHeader(name)));
        put(headers, CONTENT_TYPE, response.getContentType());
        return new RememberedAnswer(response.getStatus(), headers, body);
    }

    private static void put(Map<String, String> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    /** JSON in UTF-8. */
    byte[] toJson() {
        return Json.MAPPER.writeValueAsBytes(this);
    }

    static RememberedAnswer fromJson(byte[] json) {
        return Json.MAPPER.readValue(json, RememberedAnswer.class);
    }

    /** Answers it again. */
    void replay(HttpServletResponse response) throws IOException {
        response.setHeader("Idempotency-Replayed", "true");
        headers.forEach(response::setHeader);
        if (body.length == 0) {
            response.setStatus(status);
        } else {
            Answers.write(
                    response, status, Objects.requireNonNullElse(headers.get(CONTENT_TYPE), "application/json"), body);
        }
    }
}
