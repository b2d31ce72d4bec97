package io.userstore.audit;

import io.userstore.api.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The running user store, and the key that it asks for; options of the commands that talk to it. */
final class Service {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the user store is (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "Holds the secret key, with the permission admin. Without it that of USERSTORE_SECRET_KEY, else"
                            + " that in data/secret-key.")
    private java.nio.file.@Nullable Path keyFile;

    /** The JSON of an answer of 200 to 299; anything else ends the command with what the server says. */
    JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    /** Likewise, by that method and without a body. */
    JsonNode send(String method, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = exchange(method, path);
        if (answer.statusCode() / 100 != 2) {
            throw refused(method, path, answer);
        }
        return Json.MAPPER.readTree(answer.body());
    }

    /** Likewise; null while the server asks to try again later. */
    @Nullable
    JsonNode find(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = exchange("GET", path);
        if (answer.statusCode() == 503 || answer.statusCode() == 429) {
            return null;
        }
        if (answer.statusCode() / 100 != 2) {
            throw refused("GET", path, answer);
        }
        return Json.MAPPER.readTree(answer.body());
    }

    private static CommandFailedException refused(String method, String path, HttpResponse<String> answer) {
        return CommandFailedException.away("the user store refused %s %s: %d%s"
                .formatted(method, path, answer.statusCode(), detail(answer.body())));
    }

    private HttpResponse<String> exchange(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(at(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key())
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw CommandFailedException.away("the user store at " + url + " does not answer: " + e);
        }
    }

    private URI at(String path) {
        try {
            URI base = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
            if (base.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return URI.create(base + path);
            }
        } catch (IllegalArgumentException e) {
            throw notAnAddress();
        }
        throw notAnAddress();
    }

    private CommandFailedException notAnAddress() {
        return CommandFailedException.usage("--url: not an address such as http://127.0.0.1:8080: " + url);
    }

    private String key() throws IOException {
        String found = System.getenv("USERSTORE_SECRET_KEY");
        if (keyFile != null) {
            found = java.nio.file.Files.readString(keyFile);
        } else if (found == null) {
            found = Servers.inDataFolder("secret-key").orElse("");
        }
        if (!found.strip().matches("[\\x21-\\x7e]+")) {
            throw CommandFailedException.usage(
                    "there is no key: give --key-file, or set USERSTORE_SECRET_KEY, or run this"
                            + " where data/secret-key is");
        }
        return found.strip();
    }

    private static String detail(String body) {
        try {
            String detail = Json.MAPPER.readTree(body).path("detail").asString("");
            return detail.isEmpty() ? "" : ", " + detail;
        } catch (JacksonException e) {
            // Not our server, perhaps; its status has to do.
            return "";
        }
    }
}
