package io.userstore.api.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * A perfect subtree: the leaves from {@code index << level} on, {@code 1 << level} of them. Once all of them are there it
 * never changes.
 *
 * @param level 0 for a leaf, up to 62
 * @param index from the left, from 0
 */
public record Subtree(int level, long index) {

    Subtree left() {
        return new Subtree(level - 1, 2 * index);
    }

    Subtree right() {
        return new Subtree(level - 1, 2 * index + 1);
    }

    /** The perfect subtrees that the leaves from {@code begin} to before {@code end} fall into, from left to right. */
    static List<Subtree> of(long begin, long end) {
        List<Subtree> subtrees = new ArrayList<>();
        long next = begin;
        while (next < end) {
            int aligned = next == 0 ? Long.SIZE - 2 : Long.numberOfTrailingZeros(next);
            int fitting = Long.SIZE - 1 - Long.numberOfLeadingZeros(end - next);
            int level = Math.min(aligned, fitting);
            subtrees.add(new Subtree(level, next >> level));
            next += 1L << level;
        }
        return subtrees;
    }
}
