package io.userstore.embedded;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where PostgreSQL's programs are unpacked to, once for each user and version. */
final class BinariesCache {

    private BinariesCache() {}

    /**
     * Returns the user's cache directory for them. Only the user may enter: the programs in it are run.
     *
     * @throws IOException if neither the home nor the temporary directory can be written to
     */
    static Path directory() throws IOException {
        try {
            return create(userCache().resolve("userstore"));
        } catch (IOException e) {
            // A service account often has no home to write to.
            String user = System.getProperty("user.name");
            return create(Path.of(System.getProperty("java.io.tmpdir"), "userstore-" + user));
        }
    }

    private static Path create(Path own) throws IOException {
        Files.createDirectories(own);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        }
        return Files.createDirectories(own.resolve("postgres"));
    }

    private static Path userCache() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        Path home = Path.of(System.getProperty("user.home"));
        if (system.startsWith("windows")) {
            return fromEnvironment("LOCALAPPDATA", home.resolve("AppData").resolve("Local"));
        }
        if (system.startsWith("mac")) {
            return home.resolve("Library").resolve("Caches");
        }
        return fromEnvironment("XDG_CACHE_HOME", home.resolve(".cache"));
    }

    private static Path fromEnvironment(String name, Path otherwise) {
        @Nullable String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : Path.of(value);
    }
}
