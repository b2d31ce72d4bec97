package io.userstore.embedded.mongo;

import org.h2.mvstore.MVMap;

/** What the store remembers of an index beside its entries. Thread-safe. */
final class IndexFlags {

    private static final String MULTIKEY = "multikey";

    private final MVMap<String, String> flags;
    private final String index;
    private volatile boolean multikey;

    IndexFlags(MVMap<String, String> flags, String index) {
        this.flags = flags;
        this.index = index;
        this.multikey = flags.containsKey(index);
    }

    boolean isMultikey() {
        return multikey;
    }

    /** Must come before the entries that make it true, else a reader may take the index for one entry per document. */
    void setMultikey() {
        if (!multikey) {
            flags.put(index, MULTIKEY);
            multikey = true;
        }
    }
}
