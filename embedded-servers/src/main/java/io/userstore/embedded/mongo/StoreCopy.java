package io.userstore.embedded.mongo;

import org.h2.mvstore.MVStore;

/** Writes a store anew: a file keeps pages of what was removed until they are overwritten, and a copy never had them. */
public final class StoreCopy {
    private StoreCopy() {}

    /**
     * Copies everything.
     *
     * @param from nobody else writes to
     * @param to empty
     */
    public static void of(MVStore from, MVStore to) {
        new Catalog(from).copyTo(new Catalog(to));
    }
}
