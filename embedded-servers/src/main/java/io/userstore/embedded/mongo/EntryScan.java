package io.userstore.embedded.mongo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.h2.mvstore.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the documents that ranges of an index lead to. A scan sees the index as it was when it began: so a document that
 * moves within the index meanwhile is not missed. One that takes long, or rests between two batches of a client, goes on from
 * where it was in the index as it is now: the store does not keep old pages for ever.
 */
final class EntryScan implements Iterator<byte[]> {

    /** Well below the time the store keeps old pages for. */
    private static final long LONGEST_VIEW_NANOS = Duration.ofSeconds(1).toNanos();

    private final EntryMap source;
    private final boolean descending;
    private final Deque<KeyRange> ranges;
    private @Nullable Cursor<byte[], byte[]> view;
    private long viewOpened;
    private byte @Nullable [] last;
    private byte @Nullable [] next;

    EntryScan(Plan.ByRange plan) {
        this.source = plan.source();
        this.descending = plan.descending();
        List<KeyRange> inOrder = plan.descending() ? plan.ranges().reversed() : plan.ranges();
        this.ranges = new ArrayDeque<>(inOrder);
    }

    @Override
    public boolean hasNext() {
        while (next == null && !ranges.isEmpty()) {
            advance(ranges.getFirst());
        }
        return next != null;
    }

    @Override
    public byte[] next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        byte[] entry = next;
        next = null;
        return source.documentKey(entry);
    }

    private void advance(KeyRange range) {
        Cursor<byte[], byte[]> entries = view(range);
        while (entries.hasNext()) {
            byte[] entry = entries.next();
            if (range.contains(entry) && !Arrays.equals(last, entry)) {
                next = entry;
                last = entry;
                return;
            }
        }
        ranges.removeFirst();
        view = null;
        last = null;
    }

    private Cursor<byte[], byte[]> view(KeyRange range) {
        long now = System.nanoTime();
        if (view == null || now - viewOpened > LONGEST_VIEW_NANOS) {
            byte[] start = descending ? range.to() : range.from();
            byte[] end = descending ? range.from() : range.to();
            view = source.cursor(last != null ? last : start, end, descending);
            viewOpened = now;
        }
        return view;
    }
}
