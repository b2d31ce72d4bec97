package io.userstore.command.sign;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * An Ed25519 key (RFC 8032). A secret: it prints as {@code ***} and has no JSON form; what is public of it has two, PEM and
 * JWK. Immutable and thread-safe.
 */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";
    /** RFC 8410: a public key of Ed25519 is these bytes and then the 32 of the point. */
    private static final byte[] PUBLIC_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private final PrivateKey key;
    private final byte[] point;
    private final String keyId;

    private SigningKey(PrivateKey key, byte[] seed) {
        this.key = key;
        this.point = new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
        this.keyId = thumbprint(point);
    }

    /**
     * The key from PKCS#8, as {@code openssl genpkey -algorithm ed25519} writes it: PEM, or only the base64 between its two
     * lines, so that it fits into an environment variable. Empty for anything else.
     */
    public static Optional<SigningKey> parse(String text) {
        String base64 = text.replaceAll("-----(BEGIN|END) PRIVATE KEY-----|\\s", "");
        try {
            byte[] encoded = Base64.getDecoder().decode(base64);
            PrivateKey key = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return key instanceof EdECPrivateKey ed25519
                    ? ed25519.getBytes().map(seed -> new SigningKey(key, seed))
                    : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not such a key, which the caller is told by there being none.
            return Optional.empty();
        }
    }

    /** A new key, as the PEM that {@link #parse} reads. */
    public static String newPem() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519);
            return pem("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /** The signature over these bytes: 64 bytes, the same each time. */
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /** Names the public key: its thumbprint (RFC 7638), 43 characters of base64url. */
    public String keyId() {
        return keyId;
    }

    /** The 32 bytes of the public key (RFC 8032). */
    public byte[] publicBytes() {
        return point.clone();
    }

    /** The public key as PEM of its SubjectPublicKeyInfo (RFC 8410), which {@code openssl} reads. */
    public String publicPem() {
        byte[] encoded = new byte[PUBLIC_PREFIX.length + point.length];
        System.arraycopy(PUBLIC_PREFIX, 0, encoded, 0, PUBLIC_PREFIX.length);
        System.arraycopy(point, 0, encoded, PUBLIC_PREFIX.length, point.length);
        return pem("PUBLIC KEY", encoded);
    }

    /** The public key as a JWK (RFC 8037), with its {@code kid}; in a fixed order. */
    public SequencedMap<String, String> publicJwk() {
        SequencedMap<String, String> jwk = new LinkedHashMap<>();
        jwk.put("kty", "OKP");
        jwk.put("crv", ALGORITHM);
        jwk.put("x", base64Url(point));
        jwk.put("kid", keyId);
        jwk.put("alg", "EdDSA");
        jwk.put("use", "sig");
        return Collections.unmodifiableSequencedMap(jwk);
    }

    /** RFC 7638: the digest of the members that are required, ordered by name, without white space. */
    private static String thumbprint(byte[] point) {
        String members = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + base64Url(point) + "\"}";
        try {
            return base64Url(MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private static String pem(String what, byte[] encoded) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static IllegalStateException unavailable(GeneralSecurityException e) {
        return new IllegalStateException("every Java platform since 15 has Ed25519 and SHA-256", e);
    }

    @Override
    public String toString() {
        return "***";
    }
}
