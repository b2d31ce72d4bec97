package io.userstore.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where the user store is, and the key that it asks for; options of every command. */
final class Server {
    private static final String KEY_VARIABLE = "USERSTORE_SECRET_KEY";
    private static final Path KEY_FILE = Path.of("data", "secret-key");

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the user store is (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The secret key. Without it, that of the variable USERSTORE_SECRET_KEY, else that in"
                    + " data/secret-key. Other users of this machine can see what stands on a command line.")
    private @Nullable String key;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /** The address of a path of the API. */
    URI at(String path) {
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
        return new CommandFailedException("--url: not an address such as http://127.0.0.1:8080: " + url);
    }

    /** The value of the header {@code Authorization}. */
    String authorization() throws IOException {
        String found = key == null ? System.getenv(KEY_VARIABLE) : key;
        Path file = Path.of(System.getProperty("userstore.home", "")).resolve(KEY_FILE);
        if (found == null && Files.isReadable(file)) {
            found = Files.readString(file);
        }
        if (found == null || found.isBlank()) {
            throw new CommandFailedException(
                    "there is no key: give --key, or set " + KEY_VARIABLE + ", or run this where data/secret-key is");
        }
        if (!found.strip().matches("[\\x21-\\x7e]+")) {
            throw new CommandFailedException("the key holds characters that no key has");
        }
        return "Bearer " + found.strip();
    }

    /** What the server says about an answer that is none of those hoped for. */
    static CommandFailedException refused(int status, String body) {
        String detail;
        try {
            JsonNode problem = JsonMapper.shared().readTree(body);
            detail = problem.path("detail").asString("");
        } catch (JacksonException e) {
            // Not our server, perhaps; its status has to do.
            detail = "";
        }
        return new CommandFailedException("the server refused: " + status + (detail.isEmpty() ? "" : ", " + detail));
    }
}
