package io.userstore.command.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of one event store: what seals and digests in it follows from this, and not from the master key, which only
 * wraps it and so can be replaced. 256 bits, for the life of the store. A secret: it prints as {@code ***} and has no JSON
 * form. Immutable and thread-safe.
 */
public final class StoreKey {
    /** Of the key. */
    public static final int BYTES = 32;

    private static final String MAC = "HmacSHA256";

    private final SecretKey key;

    /** @param bytes {@link #BYTES} of them */
    public StoreKey(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("the store's key has " + BYTES + " bytes");
        }
        this.key = new SecretKeySpec(bytes, MAC);
    }

    /** A key for one use, from which neither this key nor that of another use can be found. */
    SecretKey derive(String use) {
        return new SecretKeySpec(mac(key, use), "AES");
    }

    /** Digests of texts, which tell nothing of them to those who have not this key. */
    public Digest digest(String use) {
        SecretKey derived = new SecretKeySpec(mac(key, use), MAC);
        return text -> HexFormat.of().formatHex(mac(derived, text));
    }

    /** HMAC-SHA256 of a text, hexadecimal; the same for the same text. Thread-safe. */
    @FunctionalInterface
    public interface Digest {
        String of(String text);
    }

    private static byte[] mac(SecretKey key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
