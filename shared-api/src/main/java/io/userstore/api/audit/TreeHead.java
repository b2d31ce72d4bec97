package io.userstore.api.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;

/**
 * What the tree was at a moment, signed. The signed bytes are the text of a checkpoint, of which everything else here is
 * only another form: origin, number of leaves, root, and two lines of our own that tell the time and the last event.
 *
 * @param origin names the log; a line without {@code +} and white space
 * @param treeSize leaves, from 1
 * @param timestamp when it was signed, UTC, milliseconds
 * @param rootHash of the tree
 * @param lastPosition the largest position among its events
 * @param kid names the key (RFC 7638)
 * @param signature Ed25519 over {@link #text()}, 64 bytes in base64
 * @see <a href="https://c2sp.org/tlog-checkpoint">C2SP, tlog-checkpoint</a>
 */
public record TreeHead(
        String origin,
        long treeSize,
        Instant timestamp,
        Hash rootHash,
        long lastPosition,
        String kid,
        String signature) {
    /** Of Ed25519, in signed notes. */
    private static final byte ALGORITHM = 0x01;

    private static final int KEY_BYTES = 32;

    public TreeHead {
        timestamp = timestamp.truncatedTo(ChronoUnit.MILLIS);
    }

    /** What is signed: five lines, each with its end. */
    public String text() {
        return text(origin, treeSize, timestamp, rootHash, lastPosition);
    }

    /** What is to be signed of a head that is being made. */
    public static String text(String origin, long treeSize, Instant timestamp, Hash rootHash, long lastPosition) {
        return "%s\n%d\n%s\ntime %d\nlast-position %d\n"
                .formatted(origin, treeSize, rootHash.base64(), timestamp.toEpochMilli(), lastPosition);
    }

    /** Whether the owner of that key has signed this. */
    public boolean isSignedBy(PublicKey key) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(text().getBytes(StandardCharsets.UTF_8));
            return check.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // A signature that cannot be one, or a key of another kind: either way this is not signed by it.
            return false;
        }
    }

    /**
     * The head as a signed note, which the tools of transparency logs read.
     *
     * @param publicKey the 32 bytes of the key (RFC 8032)
     * @see <a href="https://c2sp.org/signed-note">C2SP, signed-note</a>
     */
    public String checkpoint(byte[] publicKey) {
        byte[] signed = Base64.getDecoder().decode(signature);
        byte[] noted = ByteBuffer.allocate(Integer.BYTES + signed.length)
                .put(noteKeyId(origin, publicKey))
                .put(signed)
                .array();
        return text() + "\n— " + origin + " " + Base64.getEncoder().encodeToString(noted) + "\n";
    }

    /** The key as signed notes name it: what such tools are to be told of it beforehand. */
    public static String verifierKey(String origin, byte[] publicKey) {
        byte[] key =
                ByteBuffer.allocate(1 + KEY_BYTES).put(ALGORITHM).put(publicKey).array();
        return "%s+%08x+%s"
                .formatted(
                        origin,
                        ByteBuffer.wrap(noteKeyId(origin, publicKey)).getInt(),
                        Base64.getEncoder().encodeToString(key));
    }

    private static byte[] noteKeyId(String origin, byte[] publicKey) {
        ByteArrayOutputStream named = new ByteArrayOutputStream();
        named.writeBytes((origin + "\n").getBytes(StandardCharsets.UTF_8));
        named.write(ALGORITHM);
        named.writeBytes(publicKey);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(named.toByteArray());
            return Arrays.copyOf(digest, Integer.BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
