package io.userstore.embedded.mongo;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.h2.mvstore.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the documents that ranges of an index lead to. Entries are taken some at a time, and the next ones looked up
 * anew: so a scan may rest for minutes between two batches of a client, while the store reuses the pages it has seen.
 */
final class EntryScan implements Iterator<byte[]> {

    private static final int FIRST_CHUNK = 16;
    private static final int LARGEST_CHUNK = 256;

    private final EntryMap source;
    private final boolean descending;
    private final Deque<KeyRange> ranges;
    private final Deque<byte[]> chunk = new ArrayDeque<>();
    private int chunkSize = FIRST_CHUNK;
    private byte @Nullable [] last;

    EntryScan(Plan.ByRange plan) {
        this.source = plan.source();
        this.descending = plan.descending();
        List<KeyRange> inOrder = plan.descending() ? plan.ranges().reversed() : plan.ranges();
        this.ranges = new ArrayDeque<>(inOrder);
    }

    @Override
    public boolean hasNext() {
        while (chunk.isEmpty() && !ranges.isEmpty()) {
            fill(ranges.getFirst());
        }
        return !chunk.isEmpty();
    }

    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return source.documentKey(chunk.removeFirst());
    }

    private void fill(KeyRange range) {
        byte[] start = last != null ? last : descending ? range.to() : range.from();
        Cursor<byte[], byte[]> cursor = source.cursor(start, descending ? range.from() : range.to(), descending);
        while (cursor.hasNext() && chunk.size() < chunkSize) {
            byte[] key = cursor.next();
            if (range.contains(key) && !isLast(key)) {
                chunk.add(key);
            }
        }
        if (chunk.size() < chunkSize) {
            ranges.removeFirst();
            last = null;
        } else {
            last = chunk.getLast();
            chunkSize = Math.min(LARGEST_CHUNK, chunkSize * 4);
        }
    }

    private boolean isLast(byte[] key) {
        return last != null && Arrays.equals(last, key);
    }
}
