package io.userstore.embedded.mongo;

import java.util.List;

/** Where the documents that may match are looked for. Each of them is checked against the filter again. */
sealed interface Plan {

    /** Whether the documents come in the order asked for. */
    boolean isSorted();

    /** Whether a document may come up more than once even if nobody writes. */
    boolean mayRepeat();

    /** @param keys of documents, each once, ascending */
    record ById(List<byte[]> keys, boolean isSorted) implements Plan {
        @Override
        public boolean mayRepeat() {
            return false;
        }
    }

    /**
     * @param ranges apart from each other, ascending
     * @param isExact whether the documents with an entry in the ranges are those that match, one entry each
     */
    record ByRange(
            EntryMap source,
            List<KeyRange> ranges,
            boolean descending,
            boolean isSorted,
            boolean isExact,
            boolean mayRepeat)
            implements Plan {

        long countEntries() {
            long count = 0;
            for (KeyRange range : ranges) {
                count += source.count(range);
            }
            return count;
        }
    }

    /** For the alternatives of an {@code $or}. */
    record Union(List<Plan> plans) implements Plan {
        @Override
        public boolean isSorted() {
            return false;
        }

        @Override
        public boolean mayRepeat() {
            return true;
        }
    }
}
