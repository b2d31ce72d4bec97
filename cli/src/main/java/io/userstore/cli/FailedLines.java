package io.userstore.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The lines that could not be imported, each with its result: made with the first of them, and readable by its owner
 * only, since a line holds a password or its hash. Not thread-safe.
 */
final class FailedLines implements AutoCloseable {
    private final Path file;
    private @Nullable OutputStream out;

    /** @param keep whether what an interrupted import has written stays */
    FailedLines(Path file, boolean keep) throws IOException {
        this.file = file;
        if (!keep) {
            Files.deleteIfExists(file);
        }
    }

    Path file() {
        return file;
    }

    /** Adds the server's result with the line as it was sent, which must be corrected and may be imported again. */
    void add(JsonNode result, long number, byte[] input) throws IOException {
        ObjectNode line = (ObjectNode) result;
        line.put("line", number);
        line.put("input", new String(input, StandardCharsets.UTF_8));
        OutputStream open = out == null ? open() : out;
        out = open;
        open.write((JsonMapper.shared().writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private OutputStream open() throws IOException {
        OwnersFile.makeIfMissing(file);
        return Files.newOutputStream(file, StandardOpenOption.APPEND);
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
