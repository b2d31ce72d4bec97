package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/** The index on {@code _id}: the collection's own map, whose keys are the ids. So there is nothing to maintain. */
final class PrimaryIndex extends Index<byte[]> implements EntryMap {

    static final String FIELD = "_id";
    static final String NAME = "_id_";

    private final MVMap<byte[], byte[]> documents;

    PrimaryIndex(MVMap<byte[], byte[]> documents) {
        super(NAME, List.of(new IndexKey(FIELD, true)), false);
        this.documents = documents;
    }

    @Override
    public MVMap<byte[], byte[]> map() {
        return documents;
    }

    @Override
    public byte[] documentKey(byte[] entryKey) {
        return entryKey;
    }

    @Override
    public byte[] getPosition(Document document) {
        return KeyBytes.of(document.get(FIELD));
    }

    @Override
    public void checkAdd(Document document, MongoCollection<byte[]> collection) {
        if (documents.containsKey(getPosition(document))) {
            throw new DuplicateKeyError(collection, DuplicateKeys.describe(this, document));
        }
    }

    @Override
    public void add(Document document, byte[] position, MongoCollection<byte[]> collection) {}

    @Override
    public byte @Nullable [] remove(Document document) {
        return getPosition(document);
    }

    @Override
    public boolean canHandle(Document query) {
        return false;
    }

    @Override
    public Iterable<byte[]> getPositions(Document query) {
        throw new UnsupportedOperationException("the planner chooses indexes");
    }

    @Override
    public long getCount() {
        return documents.sizeAsLong();
    }

    @Override
    public boolean isEmpty() {
        return documents.isEmpty();
    }

    @Override
    public long getDataSize() {
        return 0;
    }

    /** An id never changes. */
    @Override
    public void checkUpdate(Document oldDocument, Document newDocument, MongoCollection<byte[]> collection) {}

    @Override
    public void updateInPlace(
            Document oldDocument, Document newDocument, byte[] position, MongoCollection<byte[]> collection) {}

    @Override
    public void drop() {}

    /** As MongoDB describes it: unique without saying so. */
    @Override
    public boolean isUnique() {
        return true;
    }
}
