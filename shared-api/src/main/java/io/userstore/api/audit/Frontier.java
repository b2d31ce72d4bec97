package io.userstore.api.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The right edge of a tree, which is all that appending needs: the hashes of the perfect subtrees that its leaves fall into,
 * one per bit that is set in their number. Not thread-safe.
 */
public final class Frontier {
    private final List<Hash> subtrees;
    private long size;

    private Frontier(long size, List<Hash> subtrees) {
        this.size = size;
        this.subtrees = new ArrayList<>(subtrees);
    }

    /** Of a tree without leaves. */
    public static Frontier empty() {
        return new Frontier(0, List.of());
    }

    /**
     * The edge that {@link #encoded()} wrote.
     *
     * @param size leaves of the tree, from 0
     * @throws IllegalArgumentException when the bytes are not the edge of such a tree
     */
    public static Frontier of(long size, byte[] encoded) {
        int count = Long.bitCount(size);
        if (encoded.length != count * Hash.BYTES) {
            throw new IllegalArgumentException("not the edge of a tree of " + size + " leaves");
        }
        List<Hash> subtrees = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] one = new byte[Hash.BYTES];
            System.arraycopy(encoded, i * Hash.BYTES, one, 0, Hash.BYTES);
            subtrees.add(Hash.of(one));
        }
        return new Frontier(size, subtrees);
    }

    /** The hashes one after the other, that of the largest subtree first. */
    public byte[] encoded() {
        byte[] encoded = new byte[subtrees.size() * Hash.BYTES];
        for (int i = 0; i < subtrees.size(); i++) {
            System.arraycopy(subtrees.get(i).bytes(), 0, encoded, i * Hash.BYTES, Hash.BYTES);
        }
        return encoded;
    }

    /**
     * Adds a leaf at the right.
     *
     * @param completed is told of each subtree that is now perfect, from the leaf upwards
     */
    public void append(Hash leaf, BiConsumer<Subtree, Hash> completed) {
        Hash hash = leaf;
        long index = size;
        completed.accept(new Subtree(0, index), hash);
        for (int level = 1; (index & 1) == 1; level++) {
            hash = Hash.ofNode(subtrees.removeLast(), hash);
            index >>= 1;
            completed.accept(new Subtree(level, index), hash);
        }
        subtrees.add(hash);
        size++;
    }

    /** Leaves so far. */
    public long size() {
        return size;
    }

    /** The root of the tree (RFC 9162: its Merkle Tree Hash). */
    public Hash root() {
        return subtrees.isEmpty() ? Hash.ofNothing() : Hash.above(subtrees);
    }
}
