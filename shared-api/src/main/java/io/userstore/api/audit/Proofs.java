package io.userstore.api.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Makes proofs out of the hashes of perfect subtrees. Of these only every fourth level need be kept: what lies between is
 * hashed again, from at most sixteen others.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3">RFC 9162, 2.1.3 and 2.1.4</a>
 */
public final class Proofs {
    private static final int KEPT_EVERY = 4;

    private final Function<Set<Subtree>, Map<Subtree, Hash>> kept;

    /** @param kept gives the hashes of those of {@link #isKept}, all of them at once */
    public Proofs(Function<Set<Subtree>, Map<Subtree, Hash>> kept) {
        this.kept = kept;
    }

    /** Whether the hash of such a subtree is to be kept. */
    public static boolean isKept(Subtree subtree) {
        return subtree.level() % KEPT_EVERY == 0;
    }

    /** The leaves from {@code begin} to before {@code end}; a subtree of the tree at hand, perfect or at its right edge. */
    private record Leaves(long begin, long end) {
        List<Subtree> subtrees() {
            return Subtree.of(begin, end);
        }
    }

    /**
     * Proves that a leaf is in a tree.
     *
     * @param index of the leaf, from 0 to before {@code size}
     * @param size leaves of the tree, no more than there are hashes of
     */
    public List<Hash> inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no leaf " + index + " among " + size);
        }
        List<Leaves> path = new ArrayList<>();
        long begin = 0;
        long end = size;
        while (end - begin > 1) {
            long middle = begin + largestPowerBelow(end - begin);
            if (index < middle) {
                path.addFirst(new Leaves(middle, end));
                end = middle;
            } else {
                path.addFirst(new Leaves(begin, middle));
                begin = middle;
            }
        }
        return hashes(path);
    }

    /**
     * Proves that a tree is the beginning of a later one.
     *
     * @param first leaves of the earlier, from 1
     * @param second leaves of the later, from {@code first}, no more than there are hashes of
     */
    public List<Hash> consistency(long first, long second) {
        if (first < 1 || first > second) {
            throw new IllegalArgumentException("no proof from " + first + " to " + second);
        }
        List<Leaves> path = new ArrayList<>();
        long begin = 0;
        long end = second;
        while (first != end) {
            long middle = begin + largestPowerBelow(end - begin);
            if (first <= middle) {
                path.addFirst(new Leaves(middle, end));
                end = middle;
            } else {
                path.addFirst(new Leaves(begin, middle));
                begin = middle;
            }
        }
        // The earlier tree itself need not be told: its root is what the proof is about.
        if (begin > 0) {
            path.addFirst(new Leaves(begin, end));
        }
        return hashes(path);
    }

    /** The root of the tree of so many leaves. */
    public Hash root(long size) {
        return size == 0
                ? Hash.ofNothing()
                : hashes(List.of(new Leaves(0, size))).getFirst();
    }

    private List<Hash> hashes(List<Leaves> path) {
        Set<Subtree> needed =
                new TreeSet<>(Comparator.comparingInt(Subtree::level).thenComparingLong(Subtree::index));
        path.forEach(leaves -> addKept(leaves.subtrees(), needed));
        Map<Subtree, Hash> known = needed.isEmpty() ? Map.of() : new HashMap<>(kept.apply(needed));
        return path.stream()
                .map(leaves -> Hash.above(leaves.subtrees().stream()
                        .map(subtree -> hash(subtree, known))
                        .toList()))
                .toList();
    }

    private static void addKept(Collection<Subtree> subtrees, Set<Subtree> needed) {
        for (Subtree subtree : subtrees) {
            if (isKept(subtree)) {
                needed.add(subtree);
            } else {
                addKept(List.of(subtree.left(), subtree.right()), needed);
            }
        }
    }

    private static Hash hash(Subtree subtree, Map<Subtree, Hash> known) {
        if (!isKept(subtree)) {
            return Hash.ofNode(hash(subtree.left(), known), hash(subtree.right(), known));
        }
        Hash hash = known.get(subtree);
        if (hash == null) {
            throw new IllegalStateException("the tree has no hash of " + subtree);
        }
        return hash;
    }

    /** The largest power of two that is smaller than {@code n}, which is at least 2. */
    private static long largestPowerBelow(long n) {
        return Long.highestOneBit(n - 1);
    }
}
