package io.userstore.embedded.mongo;

import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The ordered keys of a collection or of one of its indexes, each leading to a document. Safe for readers beside a writer.
 */
interface EntryMap {

    MVMap<byte[], byte[]> map();

    /** The document's key in its collection's map. */
    byte[] documentKey(byte[] entryKey);

    /** Counts the entries within the range without visiting them. */
    default long count(KeyRange range) {
        return Math.max(0, rank(range.to()) - rank(range.from()));
    }

    /** The keys from {@code from} on, upwards to {@code to}, or downwards; both inclusive. */
    default Cursor<byte[], byte[]> cursor(@Nullable byte[] from, @Nullable byte[] to, boolean descending) {
        return map().cursor(from, to, descending);
    }

    private long rank(byte[] key) {
        long index = map().getKeyIndex(key);
        return index < 0 ? -index - 1 : index;
    }
}
