package io.userstore.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An answer with everything that came; {@code body} is empty when there was none. */
record HttpAnswer(HttpResponse<String> response) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** A header of a request. */
    record Header(String name, String value) {}

    /**
     * What is sent, down to the bytes.
     *
     * @param target path and query, encoded
     */
    record Sent(String method, String target, List<Header> headers, byte[] body) {
        Sent with(String name, String value) {
            List<Header> more = new ArrayList<>(headers);
            more.removeIf(header -> header.name().equalsIgnoreCase(name));
            more.add(new Header(name, value));
            return new Sent(method, target, more, body);
        }

        Sent withBody(String contentType, byte[] bytes) {
            return new Sent(method, target, with("Content-Type", contentType).headers(), bytes);
        }

        HttpAnswer to(String url) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + target))
                    .timeout(Duration.ofSeconds(30))
                    .method(method, BodyPublishers.ofByteArray(body));
            headers.forEach(header -> request.header(header.name(), header.value()));
            try {
                return new HttpAnswer(HTTP.send(request.build(), BodyHandlers.ofString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String toString() {
            String text = new String(body, StandardCharsets.UTF_8);
            return method + " " + target + " " + headers + " "
                    + (text.length() > 500 ? text.substring(0, 500) + "… (" + body.length + " bytes)" : text);
        }
    }

    int status() {
        return response.statusCode();
    }

    String body() {
        return response.body();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
