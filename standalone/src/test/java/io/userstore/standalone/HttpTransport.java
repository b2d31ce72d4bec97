package io.userstore.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** Carries the requests of a client under test, to a service or to what stands for it. */
interface HttpTransport {

    /** @param body JSON, empty when there is none */
    record Request(String method, URI url, Map<String, String> headers, String body) {
        /** Method and path, as they are sent. */
        String line() {
            return method + " " + url.getRawPath();
        }
    }

    record Answer(int status, String body) {}

    Answer send(Request request);

    /** Over the network. */
    static HttpTransport real() {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        return request -> {
            HttpRequest.Builder sent = HttpRequest.newBuilder(request.url())
                    .timeout(Duration.ofSeconds(30))
                    .method(request.method(), BodyPublishers.ofString(request.body()));
            request.headers().forEach(sent::header);
            try {
                HttpResponse<String> response = http.send(sent.build(), BodyHandlers.ofString());
                return new Answer(response.statusCode(), response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        };
    }
}
