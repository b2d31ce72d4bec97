package io.userstore.query.projection;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Reads of one read model, in whichever generation is asked for. Thread-safe. */
public final class Served<T> {
    private final String model;
    private final Function<Generation, T> open;
    /** As many as there were rebuilds while this process runs, a few bytes each. */
    private final Map<Generation, T> opened = new ConcurrentHashMap<>();

    /** @param open makes the reads of one generation, once */
    public Served(String model, Function<Generation, T> open) {
        this.model = model;
        this.open = open;
    }

    public T in(Serving serving) {
        return opened.computeIfAbsent(serving.of(model), open);
    }
}
