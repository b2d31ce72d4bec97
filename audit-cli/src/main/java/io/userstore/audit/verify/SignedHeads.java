package io.userstore.audit.verify;

import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.audit.verify.Difference.Kind;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The heads that were signed, held against the tree while it grows. A head that fits covers everything before it, so one
 * that does not tells where to look: behind the last that did. Not thread-safe.
 */
final class SignedHeads {
    private final Map<Long, TreeHead> left = new TreeMap<>();
    private final Differences differences;
    private final boolean areExpected;
    private final int heads;
    private long covered;

    /**
     * @param keys those whose signatures count; when empty signatures are not looked at
     */
    SignedHeads(List<TreeHead> heads, List<PublicKey> keys, Differences differences) {
        this.differences = differences;
        this.heads = heads.size();
        this.areExpected = !keys.isEmpty();
        for (TreeHead head : heads) {
            if (!keys.isEmpty() && keys.stream().noneMatch(head::isSignedBy)) {
                differences.add(Difference.of(
                        Kind.HEAD_NOT_SIGNED,
                        "the head of %d leaves, signed at %s as %s, is not signed by the public key given"
                                .formatted(head.treeSize(), head.timestamp(), head.kid())));
            }
            left.put(head.treeSize(), head);
        }
    }

    /** How many there are. */
    int count() {
        return heads;
    }

    /** Leaves that a head fits. */
    long covered() {
        return covered;
    }

    /** Whether somebody has signed the tree of that size. */
    boolean has(long size) {
        return left.containsKey(size);
    }

    /** The tree has grown to that size. */
    void grown(long size, Hash root) {
        TreeHead head = left.remove(size);
        if (head == null) {
            return;
        }
        if (head.rootHash().equals(root)) {
            covered = size;
            return;
        }
        differences.add(Difference.of(
                Kind.ROOT_CHANGED,
                "the tree of %d leaves is not the one that was signed at %s; the last that fits has %d leaves"
                        .formatted(size, head.timestamp(), covered)));
    }

    /** There are no more leaves. */
    void end(long size) {
        if (areExpected && heads == 0 && size > 0) {
            differences.add(
                    Difference.of(Kind.HEAD_NOT_SIGNED, "none of the %d leaves was ever signed".formatted(size)));
        }
        left.values()
                .forEach(head -> differences.add(Difference.of(
                        Kind.ROOT_CHANGED,
                        "a tree of %d leaves was signed at %s, and there are only %d"
                                .formatted(head.treeSize(), head.timestamp(), size))));
    }
}
