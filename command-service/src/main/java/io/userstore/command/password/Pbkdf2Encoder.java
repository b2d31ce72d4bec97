package io.userstore.command.password;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Checks hashes of PBKDF2 that other systems have made, whatever their digest, iterations and lengths: the encoding says
 * it ({@code $pbkdf2-sha256$i=27500$salt$hash}). Makes none: a password is hashed by {@link Argon2Encoder}. Thread-safe.
 *
 * <p>Of a hash that is longer than its digest the first block is computed and compared. It does not depend on those behind it,
 * each of which takes all iterations anew, and 160 bits are enough. Keycloak makes four blocks of SHA-1.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8018#section-5.2">RFC 8018, 5.2</a>
 */
final class Pbkdf2Encoder implements PasswordEncoder {
    /** A bound on what a hash may cost to check: about 2 s of one processor. */
    private static final int MOST_ITERATIONS = 2_000_000;

    private static final int MOST_HASH_BYTES = 64;

    private static final Pattern ENCODED = Pattern.compile(
            "\\$(pbkdf2(?:-sha(?:1|256|512))?)\\$i=(\\d{1,7})(?:,l=\\d{1,4})?\\$([A-Za-z0-9+/]{2,256})\\$([A-Za-z0-9+/]{16,256})");

    /** What an encoded hash says of itself; of the bytes those of the first block. */
    private record Hash(String algorithm, int iterations, byte[] salt, byte[] bytes) {}

    /** What a hash is made with, as Java names it, and how many bytes of it one block gives. */
    private record Digest(String algorithm, int bytes) {}

    /** Whether this is a hash that can be checked at bearable cost. */
    static boolean isHash(String encoded) {
        return parse(encoded) != null;
    }

    /** @param digest {@code sha1}, {@code sha256} or {@code sha512} */
    static String encoded(String digest, long iterations, byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$pbkdf2-" + digest + "$i=" + iterations + "$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(hash);
    }

    /** @throws UnsupportedOperationException always */
    @Override
    public String encode(@Nullable CharSequence password) {
        throw new UnsupportedOperationException("passwords are hashed with Argon2id");
    }

    /** Whether the password is that of the hash; false also for what is no hash of PBKDF2. */
    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
        Hash hash = encoded == null ? null : parse(encoded);
        return password != null
                && !password.isEmpty()
                && hash != null
                && MessageDigest.isEqual(compute(password, hash), hash.bytes());
    }

    private static @Nullable Hash parse(String encoded) {
        Matcher parts = ENCODED.matcher(encoded);
        if (!parts.matches()) {
            return null;
        }
        int iterations = Integer.parseInt(parts.group(2));
        try {
            byte[] bytes = Base64.getDecoder().decode(parts.group(4));
            Digest digest = digest(parts.group(1));
            boolean bearable = iterations >= 1 && iterations <= MOST_ITERATIONS && bytes.length <= MOST_HASH_BYTES;
            return bearable
                    ? new Hash(
                            digest.algorithm(),
                            iterations,
                            Base64.getDecoder().decode(parts.group(3)),
                            Arrays.copyOf(bytes, Math.min(bytes.length, digest.bytes())))
                    : null;
        } catch (IllegalArgumentException e) {
            // A length that base64 does not have: no hash, so no password matches it.
            return null;
        }
    }

    private static Digest digest(String name) {
        return switch (name) {
            case "pbkdf2-sha256" -> new Digest("PBKDF2WithHmacSHA256", 32);
            case "pbkdf2-sha512" -> new Digest("PBKDF2WithHmacSHA512", 64);
            default -> new Digest("PBKDF2WithHmacSHA1", 20);
        };
    }

    private static byte[] compute(CharSequence password, Hash hash) {
        PBEKeySpec key = new PBEKeySpec(
                password.toString().toCharArray(), hash.salt(), hash.iterations(), hash.bytes().length * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance(hash.algorithm())
                    .generateSecret(key)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks " + hash.algorithm(), e);
        } finally {
            key.clearPassword();
        }
    }
}
