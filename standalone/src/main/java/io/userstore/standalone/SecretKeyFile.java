package io.userstore.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** A secret of this data folder: made at the first start and readable by its owner only. */
record SecretKeyFile(Path path, String key, boolean isNew) {

    /**
     * @param prefix what a new key begins with
     * @param bytes of randomness in a new key, written as hexadecimal digits
     */
    static SecretKeyFile readOrMake(Path path, String prefix, int bytes) throws IOException {
        if (Files.exists(path)) {
            return new SecretKeyFile(path, Files.readString(path).strip(), false);
        }
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        String key = prefix + HexFormat.of().formatHex(random);
        Path half = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(half);
        Files.createFile(half, ownerOnly());
        // On the disk before it has its name: what is sealed with a key that a power cut took is lost.
        Files.write(
                half, (key + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(half, path);
        return new SecretKeyFile(path, key, true);
    }

    private static FileAttribute<?>[] ownerOnly() {
        Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
        return views.contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public String toString() {
        return "SecretKeyFile[" + path + "]";
    }
}
