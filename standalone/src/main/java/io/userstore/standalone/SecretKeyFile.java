package io.userstore.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The secret key of this data folder: made at the first start and readable by its owner only. */
record SecretKeyFile(Path path, String key, boolean isNew) {
    private static final int KEY_BYTES = 24;

    static SecretKeyFile readOrMake(Path path) throws IOException {
        if (Files.exists(path)) {
            return new SecretKeyFile(path, Files.readString(path).strip(), false);
        }
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = "sk_" + HexFormat.of().formatHex(random);
        OwnerOnlyFile.make(path, key);
        return new SecretKeyFile(path, key, true);
    }

    @Override
    public String toString() {
        return "SecretKeyFile[" + path + "]";
    }
}
