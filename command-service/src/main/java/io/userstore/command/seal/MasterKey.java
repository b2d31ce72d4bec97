package io.userstore.command.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key that all other keys come from: 256 bits. A secret: it prints as {@code ***} and has no JSON form. */
public final class MasterKey {
    private static final int BYTES = 32;
    private static final String MAC = "HmacSHA256";

    private final SecretKey key;

    private MasterKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, MAC);
    }

    /** The key from 64 hexadecimal digits, or from base64 (either alphabet, padded or not); empty for anything else. */
    public static Optional<MasterKey> parse(String text) {
        String stripped = text.strip();
        try {
            byte[] bytes = stripped.length() == 2 * BYTES
                    ? HexFormat.of().parseHex(stripped)
                    : Base64.getUrlDecoder()
                            .decode(stripped.replace('+', '-').replace('/', '_').replace("=", ""));
            return bytes.length == BYTES ? Optional.of(new MasterKey(bytes)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Neither of the two forms, which the caller is told by there being no key.
            return Optional.empty();
        }
    }

    /** A key for one use, from which neither this key nor that of another use can be found. */
    SecretKey derive(String use) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return new SecretKeySpec(mac.doFinal(use.getBytes(StandardCharsets.UTF_8)), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
