package io.userstore.api.seal;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that all other keys are wrapped with: 256 bits. What wraps is a key that follows from it, {@code
 * HMAC-SHA256(master key, "user-keys")}, so that those who are trusted with users' keys need not have the master key
 * itself. A secret: it prints as {@code ***} and has no JSON form. Immutable and thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-4.4">RFC 7518, section 4.4: AES Key Wrap</a>
 */
public final class MasterKey {
    private static final int BYTES = 32;
    private static final String MAC = "HmacSHA256";
    private static final String USE = "user-keys";
    private static final String OWN_USE = "own";
    private static final int ID_BYTES = 12;
    private static final String JWK = "jwk+json";

    private final byte[] wrappingKey;
    private final UserKey own;
    private final String id;
    private final JWEHeader header;
    private final String encodedHeader;

    private MasterKey(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(bytes, MAC));
            this.wrappingKey = mac.doFinal(USE.getBytes(StandardCharsets.UTF_8));
            this.own = new UserKey(OWN_USE, mac.doFinal(OWN_USE.getBytes(StandardCharsets.UTF_8)));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(wrappingKey);
            this.id = Base64URL.encode(Arrays.copyOf(digest, ID_BYTES)).toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
        this.header = new JWEHeader.Builder(JWEAlgorithm.A256KW, EncryptionMethod.A256GCM)
                .keyID(id)
                .contentType(JWK)
                .build();
        this.encodedHeader = header.toBase64URL().toString();
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

    /** A name by which it is known to be another key than another; tells nothing of it. */
    public String id() {
        return id;
    }

    /** Seals what goes out and comes back, for nobody else to read. */
    UserKey own() {
        return own;
    }

    /** A JWE of a JWK: {@code A256KW} and {@code A256GCM}, with {@link #id()} as {@code kid}. */
    String wrap(String name, byte[] key) {
        try {
            JWEObject jwe = new JWEObject(
                    header,
                    new Payload(new OctetSequenceKey.Builder(key)
                            .keyID(name)
                            .build()
                            .toJSONString()));
            jwe.encrypt(new AESEncrypter(wrappingKey));
            return jwe.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has AES key wrap", e);
        }
    }

    /** The key of that name; empty when it is another, damaged, or was wrapped with another key than this. */
    Optional<byte[]> unwrap(String name, String wrapped) {
        OwnJwe own = OwnJwe.parse(encodedHeader, wrapped);
        if (own != null) {
            try {
                byte[] jwk = own.decrypt(own.unwrapKey(wrappingKey));
                return named(name, new String(jwk, StandardCharsets.UTF_8));
            } catch (GeneralSecurityException | ParseException e) {
                // Not for this key to unwrap: the caller is told by there being none.
                return Optional.empty();
            }
        }
        try {
            JWEObject jwe = JWEObject.parse(wrapped);
            if (!id.equals(jwe.getHeader().getKeyID())) {
                return Optional.empty();
            }
            jwe.decrypt(new AESDecrypter(wrappingKey));
            return named(name, jwe.getPayload().toString());
        } catch (ParseException | JOSEException e) {
            // Not for this key to unwrap: the caller is told by there being none.
            return Optional.empty();
        }
    }

    private static Optional<byte[]> named(String name, String jwk) throws ParseException {
        OctetSequenceKey key = OctetSequenceKey.parse(jwk);
        byte[] bytes = key.toByteArray();
        return name.equals(key.getKeyID()) && bytes.length == BYTES ? Optional.of(bytes) : Optional.empty();
    }

    @Override
    public String toString() {
        return "***";
    }
}
