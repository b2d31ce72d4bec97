package io.userstore.command.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals texts of one purpose with AES-256-GCM. What is sealed is bound to a context (whose it is, and where it belongs),
 * so that it cannot be moved to another place and opened there. Its form is {@code v1.KEY_ID.BASE64URL}, the last part a
 * random nonce of 96 bits, then the ciphertext and its tag; the key's id says which key opens it, for rotation.
 *
 * <p>Thread-safe. With random nonces one key is good for 2³² texts.
 *
 * @see <a href="https://csrc.nist.gov/pubs/sp/800/38/d/final">NIST SP 800-38D, 8.3, on the number of random nonces</a>
 */
public final class Sealer {
    private static final String VERSION = "v1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;
    private final String prefix;

    /** @param purpose names what is sealed; texts of one purpose cannot be opened as those of another */
    public Sealer(MasterKey master, String purpose) {
        this.key = new SecretKeySpec(master.derive(purpose), "AES");
        this.prefix = VERSION + "." + master.id() + ".";
    }

    /** @param context not secret, and needed again to open it */
    public String seal(String plain, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plain.getBytes(StandardCharsets.UTF_8));
            byte[] both = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(both);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** The text, or empty when it was sealed with another key, for another purpose or context, or was changed. */
    public Optional<String> open(String sealed, String context) {
        if (!sealed.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            ByteBuffer both = ByteBuffer.wrap(Base64.getUrlDecoder().decode(sealed.substring(prefix.length())));
            if (both.remaining() < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
                return Optional.empty();
            }
            byte[] nonce = new byte[NONCE_BYTES];
            both.get(nonce);
            byte[] plain = cipher(Cipher.DECRYPT_MODE, nonce, context)
                    .doFinal(both.array(), both.position(), both.remaining());
            return Optional.of(new String(plain, StandardCharsets.UTF_8));
        } catch (AEADBadTagException | IllegalArgumentException e) {
            // Changed since, or moved here from elsewhere: the answer that was asked for.
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((prefix + context).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
