package io.userstore.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes secrets into files that only their owner can read. */
final class OwnerOnlyFile {
    private OwnerOnlyFile() {}

    /** Makes a file of this text and the end of its last line: whole, on the disk, or not at all. */
    static void make(Path path, String text) throws IOException {
        Path half = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(half);
        Files.createFile(half, ownerOnly());
        Files.write(half, (text + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
        try (FileChannel written = FileChannel.open(half, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(half, path);
    }

    private static FileAttribute<?>[] ownerOnly() {
        Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
        return views.contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
