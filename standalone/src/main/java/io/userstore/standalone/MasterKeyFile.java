package io.userstore.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The master key of this data folder: made at the first start, readable by its owner only, and never shown. */
final class MasterKeyFile {
    private static final int KEY_BYTES = 32;

    private MasterKeyFile() {}

    static String readOrMake(Path path) throws IOException {
        if (Files.exists(path)) {
            return Files.readString(path).strip();
        }
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = Base64.getEncoder().encodeToString(random);
        OwnerOnlyFile.make(path, key);
        return key;
    }
}
