package io.userstore.api.seal;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Base64;
import java.util.Optional;

/**
 * The key under which everything personal of one user is sealed: 256 bits, random, and once destroyed never made again.
 * What it seals is a JWE in compact form, {@code dir} and {@code A256GCM}, with the user's id as {@code kid}. A secret: it
 * prints as {@code ***} and has no JSON form. Immutable and thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7516">RFC 7516, JSON Web Encryption</a>
 */
public final class UserKey {
    static final int BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();
    /** The header's JSON around the user's id, as the library writes it. */
    private static final String[] HEADER = header("@").toString().split("@", -1);

    private final String userId;
    private final byte[] bytes;

    UserKey(String userId, byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a user's key has " + BYTES + " bytes");
        }
        this.userId = userId;
        this.bytes = bytes.clone();
    }

    /** A new key for a user who has none. */
    public static UserKey generate(String userId) {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new UserKey(userId, bytes);
    }

    /** The user whose key it is. */
    public String userId() {
        return userId;
    }

    /** Made anew each time: keys are remembered by the ten thousand, and this would be most of each. */
    private static JWEHeader header(String userId) {
        return new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                .keyID(userId)
                .build();
    }

    String encodedHeader() {
        String json = HEADER[0] + userId + HEADER[1];
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Seals a text; each time to another JWE, whose characters need no escape in JSON. */
    public String seal(String text) {
        try {
            JWEObject jwe = new JWEObject(header(userId), new Payload(text));
            jwe.encrypt(new DirectEncrypter(bytes));
            return jwe.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** The text, or empty when the JWE was made with another key, is damaged, or is none. */
    public Optional<String> open(String sealed) {
        OwnJwe own = OwnJwe.parse(encodedHeader(), sealed);
        if (own != null && own.encryptedKey().length == 0) {
            try {
                return Optional.of(new String(own.decrypt(bytes), StandardCharsets.UTF_8));
            } catch (GeneralSecurityException e) {
                // Not for this key to read: the caller is told by there being no text.
                return Optional.empty();
            }
        }
        try {
            JWEObject jwe = JWEObject.parse(sealed);
            if (!JWEAlgorithm.DIR.equals(jwe.getHeader().getAlgorithm())) {
                return Optional.empty();
            }
            jwe.decrypt(new DirectDecrypter(bytes));
            return Optional.of(jwe.getPayload().toString());
        } catch (ParseException | JOSEException e) {
            // Not for this key to read: the caller is told by there being no text.
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
