package io.userstore.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far the import of a file has come, kept beside it.
 *
 * @param line the last line that the server has answered
 * @param offset where the line behind it begins, in bytes
 * @param size of the whole file, in bytes: another size is another file
 */
record ImportState(long line, long offset, long size) {
    static ImportState atTheBeginning(long size) {
        return new ImportState(0, 0, size);
    }

    static Path fileFor(Path file) {
        return file.resolveSibling(file.getFileName() + ".state");
    }

    /** Where an import of that file is to be taken up; at the beginning when none was interrupted. */
    static ImportState read(Path file) throws IOException {
        long size = Files.size(file);
        Path stateFile = fileFor(file);
        if (!Files.exists(stateFile)) {
            return atTheBeginning(size);
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(stateFile));
            ImportState state = new ImportState(
                    json.required("line").asLong(),
                    json.required("offset").asLong(),
                    json.required("size").asLong());
            if (state.size() != size) {
                throw new CommandFailedException(file + " has another size than when its import was interrupted; "
                        + "delete " + stateFile + " to import it from the beginning");
            }
            return state;
        } catch (JacksonException e) {
            throw new CommandFailedException(
                    stateFile + " cannot be read; delete it to import " + file + " from the beginning");
        }
    }

    /** Replaces the state at one stroke: whoever reads it finds the old one or this one. */
    void write(Path file) throws IOException {
        Path stateFile = fileFor(file);
        Path half = stateFile.resolveSibling(stateFile.getFileName() + ".new");
        Files.writeString(half, "{\"line\":" + line + ",\"offset\":" + offset + ",\"size\":" + size + "}\n");
        Files.move(half, stateFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
