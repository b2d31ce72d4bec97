package io.userstore.embedded.mongo;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/** The documents behind keys that exist, match, and did not come up before. */
final class Matches implements Iterator<StoredDocument> {

    private final MVMap<byte[], byte[]> documents;
    private final Iterator<byte[]> keys;
    private final Filter filter;
    private final @Nullable Set<ByteBuffer> seen;
    private @Nullable StoredDocument next;

    Matches(MVMap<byte[], byte[]> documents, Iterator<byte[]> keys, Filter filter, boolean mayRepeat) {
        this.documents = documents;
        this.keys = keys;
        this.filter = filter;
        this.seen = mayRepeat ? new HashSet<>() : null;
    }

    @Override
    public boolean hasNext() {
        while (next == null && keys.hasNext()) {
            byte[] key = keys.next();
            if (seen == null || seen.add(ByteBuffer.wrap(key))) {
                next = match(key);
            }
        }
        return next != null;
    }

    /** An entry may lead to a document that has just gone or changed. */
    private @Nullable StoredDocument match(byte[] key) {
        byte @Nullable [] bson = documents.get(key);
        if (bson == null) {
            return null;
        }
        RawDocument document = new RawDocument(bson);
        return filter.matches(document) ? new StoredDocument(key, document) : null;
    }

    @Override
    public StoredDocument next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        StoredDocument match = next;
        next = null;
        return match;
    }
}
