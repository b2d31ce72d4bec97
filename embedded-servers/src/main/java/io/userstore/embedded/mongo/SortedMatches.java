package io.userstore.embedded.mongo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/** Sorts in memory, keeping no more than are wanted. */
final class SortedMatches {

    private static final Comparator<Keyed> ASCENDING = (left, right) -> {
        int order = Arrays.compareUnsigned(left.sortKey, right.sortKey);
        return order != 0 ? order : Arrays.compareUnsigned(left.document.key(), right.document.key());
    };

    private SortedMatches() {}

    private record Keyed(byte[] sortKey, StoredDocument document) {}

    /** @param wanted the most documents to keep, the first in order */
    static Iterator<StoredDocument> of(Iterator<StoredDocument> matches, Sort sort, long wanted) {
        List<Keyed> sorted = wanted == Long.MAX_VALUE ? all(matches, sort) : first(matches, sort, wanted);
        sorted.sort(ASCENDING);
        return sorted.stream().map(Keyed::document).iterator();
    }

    private static List<Keyed> all(Iterator<StoredDocument> matches, Sort sort) {
        List<Keyed> all = new ArrayList<>();
        matches.forEachRemaining(match -> all.add(keyed(match, sort)));
        return all;
    }

    private static List<Keyed> first(Iterator<StoredDocument> matches, Sort sort, long wanted) {
        PriorityQueue<Keyed> first = new PriorityQueue<>(ASCENDING.reversed());
        while (matches.hasNext()) {
            first.add(keyed(matches.next(), sort));
            if (first.size() > wanted) {
                first.remove();
            }
        }
        return new ArrayList<>(first);
    }

    private static Keyed keyed(StoredDocument match, Sort sort) {
        return new Keyed(sort.key(match.document()), match);
    }
}
