package io.userstore.command.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with SHA-256: several keys out of one secret, none of which tells anything of another.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869</a>
 */
final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int LENGTH = 32;

    private Hkdf() {}

    /** The pseudorandom key that keys are expanded from. */
    static byte[] extract(byte[] salt, byte[] secret) {
        return hmac(salt, secret);
    }

    /** One key of 32 bytes; {@code info} tells keys apart. The first block is all that is needed of the RFC's expansion. */
    static byte[] expand(byte[] pseudorandomKey, byte[] info) {
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = 1;
        return Arrays.copyOf(hmac(pseudorandomKey, block), LENGTH);
    }

    /** HMAC with SHA-256 of some parts, each with its length before it, so that none can reach into the next. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            if (parts.length == 1) {
                return mac.doFinal(parts[0]);
            }
            for (byte[] part : parts) {
                mac.update((part.length + ":").getBytes(StandardCharsets.US_ASCII));
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
