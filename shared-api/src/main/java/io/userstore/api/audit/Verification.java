package io.userstore.api.audit;

import java.util.Iterator;
import java.util.List;

/**
 * Checks proofs, with nothing but what they are about. Each answer is true or false: a proof of the wrong length proves as
 * little as one with wrong hashes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2">RFC 9162, 2.1.3.2 and 2.1.4.2</a>
 */
public final class Verification {
    private Verification() {}

    /** Whether the path proves that the leaf stands at the index in the tree of that size and root. */
    public static boolean isIncluded(Hash leaf, long index, long size, List<Hash> path, Hash root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash sibling : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = Hash.ofNode(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Hash.ofNode(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }

    /** Whether the path proves that the first tree, of at least one leaf, is the beginning of the second. */
    public static boolean isConsistent(long first, Hash firstRoot, long second, Hash secondRoot, List<Hash> path) {
        if (first < 1 || first > second) {
            return false;
        }
        if (first == second) {
            return path.isEmpty() && firstRoot.equals(secondRoot);
        }
        Iterator<Hash> hashes = path.iterator();
        boolean isPower = (first & (first - 1)) == 0;
        if (!isPower && !hashes.hasNext()) {
            return false;
        }
        Hash begin = isPower ? firstRoot : hashes.next();
        long node = first - 1;
        long last = second - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        Hash ofFirst = begin;
        Hash ofSecond = begin;
        while (hashes.hasNext()) {
            Hash next = hashes.next();
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                ofFirst = Hash.ofNode(next, ofFirst);
                ofSecond = Hash.ofNode(next, ofSecond);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                ofSecond = Hash.ofNode(ofSecond, next);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && ofFirst.equals(firstRoot) && ofSecond.equals(secondRoot);
    }
}
