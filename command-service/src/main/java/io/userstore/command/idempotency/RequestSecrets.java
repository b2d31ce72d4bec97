package io.userstore.command.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is derived from a key of the API and an Idempotency-Key together: the name that the request is kept under, its
 * fingerprint, and the key that its answer is sealed with. Without the key of the API none of it can be told or opened.
 * Immutable.
 */
public final class RequestSecrets {
    private static final byte[] SALT = "userstore idempotency 1".getBytes(StandardCharsets.US_ASCII);
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final String id;
    private final byte[] fingerprintKey;
    private final byte[] answerKey;

    private RequestSecrets(String id, byte[] fingerprintKey, byte[] answerKey) {
        this.id = id;
        this.fingerprintKey = fingerprintKey;
        this.answerKey = answerKey;
    }

    public static RequestSecrets of(String apiKey, String idempotencyKey) {
        byte[] secret = Hkdf.extract(SALT, apiKey.getBytes(StandardCharsets.UTF_8));
        return new RequestSecrets(
                HexFormat.of().formatHex(derive(secret, "id", idempotencyKey)),
                derive(secret, "fingerprint", idempotencyKey),
                derive(secret, "answer", idempotencyKey));
    }

    private static byte[] derive(byte[] secret, String purpose, String idempotencyKey) {
        return Hkdf.expand(secret, (purpose + ' ' + idempotencyKey).getBytes(StandardCharsets.UTF_8));
    }

    /** The name that the request is kept under. */
    public String id() {
        return id;
    }

    /** Tells one request from another; keyed, since a body may hold a password that could be guessed. */
    public String fingerprint(String method, String target, byte[] body) {
        byte[] mac = Hkdf.hmac(
                fingerprintKey, method.getBytes(StandardCharsets.UTF_8), target.getBytes(StandardCharsets.UTF_8), body);
        return HexFormat.of().formatHex(mac);
    }

    /** Seals an answer, bound to this request. */
    public byte[] seal(byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
            byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
            return whole;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an answer cannot be sealed", e);
        }
    }

    /** What was sealed; empty when it was not sealed for this request, or was tampered with. */
    public Optional<byte[]> open(byte[] sealed) {
        if (sealed.length < NONCE_BYTES) {
            return Optional.empty();
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES));
            return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
        } catch (AEADBadTagException e) {
            // Told by the empty answer.
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an answer cannot be opened", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(answerKey, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(id.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    @Override
    public String toString() {
        return "RequestSecrets[***]";
    }
}
