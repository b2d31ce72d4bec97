package io.userstore.command.sealing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * The 256 bits that every other key follows from. A secret: it prints as {@code ***} and has no JSON form. Never used by
 * itself: each purpose has a key of its own, derived by HKDF with the purpose's name. Immutable and thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869, HKDF</a>
 */
public final class MasterKey {
    private static final int BYTES = 32;
    private static final int ID_BYTES = 6;
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{" + 2 * BYTES + "}");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{43}=?");

    private final byte[] key;

    private MasterKey(byte[] key) {
        this.key = key;
    }

    /**
     * @param text 256 bits, as 64 hexadecimal digits or as base64 (either alphabet); space around is passed over
     * @throws IllegalArgumentException with a sentence for people, which does not quote the text
     */
    public static MasterKey parse(String text) {
        String stripped = text.strip();
        if (HEX.matcher(stripped).matches()) {
            return new MasterKey(HexFormat.of().parseHex(stripped));
        }
        if (BASE64.matcher(stripped).matches()) {
            return new MasterKey(
                    Base64.getUrlDecoder().decode(stripped.replace('+', '-').replace('/', '_')));
        }
        throw new IllegalArgumentException("the master key must have 256 bits: 64 hexadecimal digits, or 44 characters"
                + " of base64 (make one with: openssl rand -hex 32)");
    }

    /** The key of one purpose, which tells nothing of those of other purposes. */
    byte[] derive(String purpose) {
        return derive(purpose, BYTES);
    }

    /** Names the key without being it, so that what was sealed with another one can be told. */
    String id() {
        return HexFormat.of().formatHex(derive("userstore/key-id", ID_BYTES));
    }

    private byte[] derive(String purpose, int length) {
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(key, null, purpose.getBytes(StandardCharsets.UTF_8)));
        byte[] derived = new byte[length];
        hkdf.generateBytes(derived, 0, length);
        return derived;
    }

    @Override
    public String toString() {
        return "***";
    }
}
