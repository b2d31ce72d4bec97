package io.userstore.standalone;

import io.userstore.command.sign.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The signing key of this data folder: made at the first start, readable by its owner only, and never shown. */
final class SigningKeyFile {
    private SigningKeyFile() {}

    static String readOrMake(Path path) throws IOException {
        if (Files.exists(path)) {
            return Files.readString(path);
        }
        String key = SigningKey.newPem();
        OwnerOnlyFile.make(path, key.strip());
        return key;
    }
}
