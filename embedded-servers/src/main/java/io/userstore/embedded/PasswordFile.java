package io.userstore.embedded;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** A random password that outlives the process, in a file of mode 600 where the file system knows modes. */
final class PasswordFile {

    private static final int RANDOM_BYTES = 24;

    private final Path path;
    private final String value;

    private PasswordFile(Path path, String value) {
        this.path = path;
        this.value = value;
    }

    static PasswordFile readOrCreate(Path path) throws IOException {
        if (Files.notExists(path)) {
            Files.createFile(path, ownerOnly());
        }
        if (Files.size(path) == 0) {
            Files.writeString(path, randomPassword());
        }
        return new PasswordFile(path, Files.readString(path).strip());
    }

    Path path() {
        return path;
    }

    String value() {
        return value;
    }

    private static FileAttribute<?>[] ownerOnly() {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }

    private static String randomPassword() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
