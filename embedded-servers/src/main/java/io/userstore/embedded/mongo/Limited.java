package io.userstore.embedded.mongo;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** Stops looking for more when enough have been taken. */
final class Limited implements Iterator<StoredDocument> {

    private final Iterator<StoredDocument> all;
    private long left;

    Limited(Iterator<StoredDocument> all, long limit) {
        this.all = all;
        this.left = limit;
    }

    @Override
    public boolean hasNext() {
        return left > 0 && all.hasNext();
    }

    @Override
    public StoredDocument next() {
        if (left <= 0) {
            throw new NoSuchElementException();
        }
        left--;
        return all.next();
    }
}
