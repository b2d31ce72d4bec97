package io.userstore.client;

import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Streams of what comes one after another. */
final class Streams {
    private Streams() {}

    /**
     * In their order, each asked for when it is needed.
     *
     * @param next gives null at the end, and is not asked again
     */
    static <T> Stream<T> of(Supplier<? extends @Nullable T> next) {
        return StreamSupport.stream(
                new AbstractSpliterator<T>(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    @Override
                    public boolean tryAdvance(Consumer<? super T> action) {
                        T value = next.get();
                        if (value != null) {
                            action.accept(value);
                        }
                        return value != null;
                    }
                },
                false);
    }
}
