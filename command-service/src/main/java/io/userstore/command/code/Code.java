package io.userstore.command.code;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A code as it is handed out and shown. A secret: it prints as {@code ***} and has no JSON form. */
public final class Code {
    private final String value;

    private Code(String value) {
        this.value = value;
    }

    /** A code as somebody shows it; it need not be one that was ever handed out. */
    public static Code of(String shown) {
        return new Code(shown);
    }

    /** What stands in a mail or an answer, and nowhere else. */
    public String value() {
        return value;
    }

    /** SHA-256, hexadecimal. Needs no salt and no work factor: a code has 256 random bits. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
