package io.userstore.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that knows nothing of tokens or preferences: it asks, and believes what it is answered. Thread-safe. */
public final class Client {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String readUrl;
    private final String writeUrl;
    private final Map<String, String> credentials;

    /** Reads go to one address and writes to another, as an edge would send them. */
    public Client(String readUrl, String writeUrl, String key) {
        this(
                readUrl,
                writeUrl,
                Map.of(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8))));
    }

    private Client(String readUrl, String writeUrl, Map<String, String> credentials) {
        this.readUrl = readUrl;
        this.writeUrl = writeUrl;
        this.credentials = credentials;
    }

    /** An answer; {@code body} is empty when there was none. */
    public record Answer(int status, String body, HttpHeaders headers) {
        public JsonNode json() {
            return JSON.readTree(body);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        public String text(String field) {
            return json().path(field).asString("");
        }
    }

    public Answer get(String path) {
        return exchange(readUrl, "GET", path, "", "");
    }

    public Answer json(String method, String path, String body) {
        return exchange(writeUrl, method, path, "application/json", body);
    }

    public Answer form(String method, String path, String body) {
        return exchange(writeUrl, method, path, "application/x-www-form-urlencoded", body);
    }

    public Answer ndjson(String path, String lines) {
        return exchange(writeUrl, "POST", path, "application/x-ndjson", lines);
    }

    public Answer delete(String path) {
        return exchange(writeUrl, "DELETE", path, "", "");
    }

    /**
     * Any request. A body is JSON, if the headers do not say something else.
     *
     * @param headers name, value, name, value; each in place of what would be sent otherwise
     */
    public Answer send(String method, String path, String body, String... headers) {
        boolean read = method.equals("GET") || method.equals("HEAD");
        return exchange(
                read ? readUrl : writeUrl, method, path, body.isEmpty() ? "" : "application/json", body, headers);
    }

    /** The same addresses, with another key. */
    public Client with(String key) {
        return new Client(readUrl, writeUrl, key);
    }

    /** The same addresses, without a key. */
    public Client withoutKey() {
        return new Client(readUrl, writeUrl, Map.of());
    }

    private Answer exchange(
            String base, String method, String path, String contentType, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body));
        credentials.forEach(request::header);
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
