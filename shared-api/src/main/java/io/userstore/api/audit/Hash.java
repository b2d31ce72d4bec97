package io.userstore.api.audit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A SHA-256 of the tree: of a leaf, or of a node above others. Immutable; equal when the bytes are; base64 in JSON.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9162#section-2.1.1">RFC 9162, 2.1.1</a>
 */
public final class Hash {
    /** Bytes of a hash. */
    public static final int BYTES = 32;

    private static final byte LEAF = 0x00;
    private static final byte NODE = 0x01;

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException when these are not 32 bytes */
    public static Hash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes");
        }
        return new Hash(bytes.clone());
    }

    /** @throws IllegalArgumentException when this is not the base64 of 32 bytes */
    @JsonCreator
    public static Hash parse(String base64) {
        return of(Base64.getDecoder().decode(base64));
    }

    /** The hash of a leaf that holds this. */
    public static Hash ofLeaf(byte[] data) {
        MessageDigest digest = sha256();
        digest.update(LEAF);
        return new Hash(digest.digest(data));
    }

    /** The hash of the node above these two. */
    public static Hash ofNode(Hash left, Hash right) {
        MessageDigest digest = sha256();
        digest.update(NODE);
        digest.update(left.bytes);
        return new Hash(digest.digest(right.bytes));
    }

    /** The hash of a tree without leaves. */
    public static Hash ofNothing() {
        return new Hash(sha256().digest());
    }

    /** The hash above perfect subtrees that stand side by side, the larger ones to the left; at least one. */
    static Hash above(List<Hash> subtrees) {
        Hash hash = subtrees.getLast();
        for (Hash left : subtrees.reversed().subList(1, subtrees.size())) {
            hash = ofNode(left, hash);
        }
        return hash;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @JsonValue
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
