package io.userstore.command.password;

import io.userstore.api.user.Text;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Passwords that are too common to be taken; compared in Unicode NFKC and case-insensitively. Immutable. */
public final class DeniedPasswords {
    /** About 100 MB of memory. */
    private static final int MOST = 1_000_000;

    private final Set<String> keys;

    private DeniedPasswords(Set<String> keys) {
        this.keys = keys;
    }

    /**
     * Reads a file; also how the setting is converted.
     *
     * @param path of a text file in UTF-8 with one password per line; empty denies none
     * @throws IllegalArgumentException with a sentence for people, when it cannot be read or has over a million of them
     */
    public static DeniedPasswords of(String path) {
        if (path.isBlank()) {
            return new DeniedPasswords(Set.of());
        }
        Set<String> keys = new HashSet<>();
        try (BufferedReader lines = Files.newBufferedReader(Path.of(path.strip()), StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keys.add(Text.key(line));
                if (keys.size() > MOST) {
                    throw new IllegalArgumentException(
                            "userstore.password.denied-file may have at most " + MOST + " passwords: " + path);
                }
            }
        } catch (IOException | InvalidPathException e) {
            // What the file holds is not quoted: it may be the wrong file.
            throw new IllegalArgumentException(
                    "userstore.password.denied-file cannot be read as UTF-8 text: " + path + " ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
        keys.remove("");
        return new DeniedPasswords(keys);
    }

    public boolean contains(RawPassword password) {
        return !keys.isEmpty() && keys.contains(Text.key(password.value()));
    }
}
