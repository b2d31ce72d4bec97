package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.CannotIndexParallelArraysError;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import io.userstore.embedded.mongo.FieldPath.IndexedValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * An ordered index: an entry is the indexed values, then the document's key, then the length of that key in two bytes, so that
 * entries of equal values stand in the order of their ids. A document with an array has an entry for each element.
 *
 * <p>One writer at a time, many readers. A reader may see an entry of a version of the document just gone, never miss one: new
 * entries come before the document changes, old ones go after.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/core/indexes/index-types/index-multikey/">Multikey Indexes</a>
 */
final class SecondaryIndex extends Index<byte[]> implements EntryMap {

    static final byte[] NOTHING = {};

    private final MVMap<byte[], byte[]> entries;
    private final IndexFlags flags;
    private final List<FieldPath> paths;
    private final boolean unique;
    private final Runnable removal;

    SecondaryIndex(
            String name,
            List<IndexKey> keys,
            boolean sparse,
            boolean unique,
            MVMap<byte[], byte[]> entries,
            IndexFlags flags,
            Runnable removal) {
        super(name, keys, sparse);
        this.entries = entries;
        this.flags = flags;
        this.paths = keys.stream().map(key -> new FieldPath(key.getKey())).toList();
        this.unique = unique;
        this.removal = removal;
    }

    @Override
    public MVMap<byte[], byte[]> map() {
        return entries;
    }

    @Override
    public byte[] documentKey(byte[] entryKey) {
        int end = entryKey.length - Short.BYTES;
        int length = (entryKey[end] & 0xFF) << 8 | entryKey[end + 1] & 0xFF;
        return Arrays.copyOfRange(entryKey, end - length, end);
    }

    /** Whether some document has, or once had, an array in an indexed field, so that it may have several entries. */
    boolean isMultikey() {
        return flags.isMultikey();
    }

    @Override
    public boolean isSparse() {
        return super.isSparse();
    }

    @Override
    public boolean isUnique() {
        return unique;
    }

    @Override
    public boolean hasSameOptions(Index<?> other) {
        return super.hasSameOptions(other)
                && unique == other.isUnique()
                && Objects.equals(keyDescription(this), keyDescription(other));
    }

    private static @Nullable Object keyDescription(Index<?> index) {
        return index.toIndexDescription().get("key");
    }

    /** @throws DuplicateKeyError if this index is unique and another document has the same values */
    void check(RawDocument document, byte[] documentKey, MongoCollection<byte[]> collection) {
        for (byte[] value : indexedValues(document)) {
            if (!unique) {
                return; // the values can be indexed, that is all
            }
            byte @Nullable [] next = entries.ceilingKey(value);
            if (next != null && KeyRange.startingWith(value).contains(next) && !isOf(next, documentKey)) {
                throw new DuplicateKeyError(collection, DuplicateKeys.describe(this, document.decode()));
            }
        }
    }

    /**
     * The entries that a document would have.
     *
     * @throws DuplicateKeyError if this index is unique and another document has the same values
     */
    List<byte[]> checkedEntries(RawDocument document, byte[] documentKey, MongoCollection<byte[]> collection) {
        if (unique) {
            check(document, documentKey, collection);
        }
        return entries(document, documentKey);
    }

    /** Sorts what is given, and puts it. */
    void putSorted(List<byte[]> added) {
        added.sort(Arrays::compareUnsigned);
        put(added);
    }

    void put(List<byte[]> added) {
        for (byte[] entry : added) {
            entries.put(entry, NOTHING);
        }
    }

    private boolean isOf(byte[] entryKey, byte[] documentKey) {
        return Arrays.equals(documentKey(entryKey), documentKey);
    }

    void add(RawDocument document, byte[] documentKey) {
        for (byte[] entry : entries(document, documentKey)) {
            entries.put(entry, NOTHING);
        }
    }

    void remove(RawDocument document, byte[] documentKey) {
        for (byte[] entry : entries(document, documentKey)) {
            entries.remove(entry);
        }
    }

    /** Finds out what a change of the document means for this index, without changing anything yet. */
    Change change(RawDocument before, RawDocument after, byte[] documentKey) {
        List<byte[]> old = entries(before, documentKey);
        List<byte[]> changed = entries(after, documentKey);
        return new Change(this, without(changed, old), without(old, changed));
    }

    private static List<byte[]> without(List<byte[]> entries, List<byte[]> others) {
        return entries.stream()
                .filter(entry -> others.stream().noneMatch(other -> Arrays.equals(other, entry)))
                .toList();
    }

    /**
     * The entries that come and go with a change of one document.
     *
     * @param added to be put before the document changes
     * @param removed to be removed afterwards
     */
    record Change(SecondaryIndex index, List<byte[]> added, List<byte[]> removed) {

        boolean isEmpty() {
            return added.isEmpty() && removed.isEmpty();
        }

        void putAdded() {
            added.forEach(entry -> index.entries.put(entry, NOTHING));
        }

        void removeRemoved() {
            removed.forEach(index.entries::remove);
        }
    }

    private List<byte[]> entries(RawDocument document, byte[] documentKey) {
        byte @Nullable [] only = onlyEntry(document, documentKey);
        if (only != null) {
            return List.of(only);
        }
        return indexedValues(document).stream()
                .map(values -> new KeyBytes()
                        .putRaw(values)
                        .putRaw(documentKey)
                        .put(documentKey.length >>> 8)
                        .put(documentKey.length)
                        .toByteArray())
                .toList();
    }

    /** The entry of a document without an array in the way, as nearly all are, made at once; null for any other. */
    private byte @Nullable [] onlyEntry(RawDocument document, byte[] documentKey) {
        if (isSparse()) {
            return null;
        }
        KeyBytes key = new KeyBytes();
        for (int i = 0; i < paths.size(); i++) {
            FieldPath path = paths.get(i);
            @Nullable Object value = path.isOneStep() ? path.value(document) : List.of();
            if (value instanceof Collection<?>) {
                return null;
            }
            if (getKeys().get(i).isAscending()) {
                key.append(value);
            } else {
                key.appendDescending(value);
            }
        }
        return key.putRaw(documentKey)
                .put(documentKey.length >>> 8)
                .put(documentKey.length)
                .toByteArray();
    }

    /** The values of all fields in a row, in every combination of the elements of arrays. Empty if a sparse index has none. */
    private List<byte[]> indexedValues(RawDocument document) {
        List<byte[]> rows = List.of(NOTHING);
        boolean isPresent = false;
        @Nullable FieldPath array = null;
        for (int i = 0; i < paths.size(); i++) {
            FieldPath path = paths.get(i);
            IndexedValues values = path.indexedValues(document);
            if (values.ofArray()) {
                array = requireNoParallelArray(array, path);
                flags.setMultikey();
            }
            isPresent |= values.values().stream().anyMatch(value -> !(value instanceof Missing));
            rows = combined(rows, values.values(), getKeys().get(i).isAscending());
        }
        return isSparse() && !isPresent ? List.of() : rows;
    }

    /** Two fields of the documents of one array may both be indexed, two arrays may not. */
    private static FieldPath requireNoParallelArray(@Nullable FieldPath other, FieldPath path) {
        if (other != null && !other.first().equals(path.first())) {
            throw new CannotIndexParallelArraysError(List.of(other.name(), path.name()));
        }
        return path;
    }

    private static List<byte[]> combined(List<byte[]> rows, List<@Nullable Object> values, boolean ascending) {
        List<byte[]> combined = new ArrayList<>(rows.size() * values.size());
        for (byte[] row : rows) {
            for (Object value : values) {
                KeyBytes key = new KeyBytes().putRaw(row);
                combined.add((ascending ? key.append(value) : key.appendDescending(value)).toByteArray());
            }
        }
        return combined;
    }

    @Override
    public byte @Nullable [] getPosition(Document document) {
        return null; // the primary index knows
    }

    @Override
    public void checkAdd(Document document, MongoCollection<byte[]> collection) {
        check(RawDocument.of(document), KeyBytes.of(document.get(PrimaryIndex.FIELD)), collection);
    }

    @Override
    public void add(Document document, byte[] position, MongoCollection<byte[]> collection) {
        add(RawDocument.of(document), position);
    }

    @Override
    public byte @Nullable [] remove(Document document) {
        byte[] documentKey = KeyBytes.of(document.get(PrimaryIndex.FIELD));
        remove(RawDocument.of(document), documentKey);
        return documentKey;
    }

    @Override
    public void checkUpdate(Document oldDocument, Document newDocument, MongoCollection<byte[]> collection) {
        checkAdd(newDocument, collection);
    }

    /** Only adds: {@link Change#removeRemoved} follows when the document has changed. */
    @Override
    public void updateInPlace(
            Document oldDocument, Document newDocument, byte[] position, MongoCollection<byte[]> collection) {
        change(RawDocument.of(oldDocument), RawDocument.of(newDocument), position)
                .putAdded();
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
        return entries.sizeAsLong();
    }

    @Override
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public long getDataSize() {
        return 0;
    }

    @Override
    public void drop() {
        removal.run();
    }

    void clear() {
        entries.clear();
    }
}
