package io.userstore.embedded.mongo;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * Which maps of the store belong to which collection. The maps are named by a number, so that a collection is renamed, over
 * another one if need be, by writing one entry. Thread-safe.
 */
final class Catalog {

    private static final String DOCUMENTS = "documents/";
    private static final String INDEX = "index/";

    private final MVStore store;
    private final MVMap<String, String> numbers;
    private final MVMap<String, String> flags;

    Catalog(MVStore store) {
        this.store = store;
        this.numbers = store.openMap("catalog", strings());
        this.flags = store.openMap("flags", strings());
    }

    private static MVMap.Builder<String, String> strings() {
        return new MVMap.Builder<String, String>()
                .keyType(StringDataType.INSTANCE)
                .valueType(StringDataType.INSTANCE);
    }

    private static MVMap.Builder<byte[], byte[]> bytes() {
        return new MVMap.Builder<byte[], byte[]>().keyType(BytesType.INSTANCE).valueType(BytesType.INSTANCE);
    }

    /** Returns the names of the databases that have collections. */
    synchronized Set<String> databaseNames() {
        Set<String> names = new TreeSet<>();
        numbers.keySet().forEach(namespace -> names.add(namespace.substring(0, namespace.indexOf('.'))));
        return names;
    }

    /** @param namespace {@code database.collection} */
    synchronized MVMap<byte[], byte[]> documents(String namespace) {
        return store.openMap(documentsName(number(namespace)), bytes());
    }

    synchronized MVMap<byte[], byte[]> entries(String namespace, String index) {
        return store.openMap(entriesName(number(namespace), index), bytes());
    }

    synchronized IndexFlags flags(String namespace, String index) {
        return new IndexFlags(flags, entriesName(number(namespace), index));
    }

    synchronized void rename(String from, String to) {
        @Nullable String number = numbers.get(from);
        if (number != null) {
            numbers.put(to, number);
            numbers.remove(from);
        }
    }

    synchronized void remove(String namespace) {
        @Nullable String number = numbers.remove(namespace);
        if (number != null) {
            String indexes = entriesName(number, "");
            List.copyOf(store.getMapNames()).stream()
                    .filter(name -> name.startsWith(indexes))
                    .forEach(this::removeMap);
            removeMap(documentsName(number));
        }
    }

    /** @param entries the map of the index to remove, wherever its collection has been renamed to */
    synchronized void remove(MVMap<byte[], byte[]> entries) {
        if (!entries.isClosed()) {
            removeMap(entries.getName());
        }
    }

    /** @param to of an empty store */
    void copyTo(Catalog to) {
        to.numbers.putAll(numbers);
        to.flags.putAll(flags);
        for (String name : store.getMapNames()) {
            if (name.startsWith(DOCUMENTS) || name.startsWith(INDEX)) {
                MVMap<byte[], byte[]> copy = to.store.openMap(name, bytes());
                MVMap<byte[], byte[]> all = store.openMap(name, bytes());
                Cursor<byte[], byte[]> cursor = all.cursor(null);
                while (cursor.hasNext()) {
                    copy.put(cursor.next(), cursor.getValue());
                }
            }
        }
    }

    private void removeMap(String name) {
        flags.remove(name);
        store.removeMap(name);
    }

    private String number(String namespace) {
        return numbers.computeIfAbsent(namespace, unknown -> unusedNumber());
    }

    private String unusedNumber() {
        long highest =
                numbers.values().stream().mapToLong(Long::parseLong).max().orElse(0);
        return Long.toString(highest + 1);
    }

    private static String documentsName(String number) {
        return DOCUMENTS + number;
    }

    private static String entriesName(String number, String index) {
        return INDEX + number + "/" + index;
    }
}
