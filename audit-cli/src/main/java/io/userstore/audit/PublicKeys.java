package io.userstore.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Public keys of Ed25519, as {@code GET /1/audit/key} and {@code openssl} give them. */
final class PublicKeys {
    private PublicKeys() {}

    static List<PublicKey> read(List<Path> files) throws IOException {
        List<PublicKey> keys = new ArrayList<>();
        for (Path file : files) {
            keys.add(parse(file.toString(), Files.readString(file)));
        }
        return keys;
    }

    /** @param where to say where it comes from */
    static PublicKey parse(String where, String pem) {
        String base64 = pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----|\\s", "");
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw CommandFailedException.usage(where + " is no public key of Ed25519 as PEM");
        }
    }
}
