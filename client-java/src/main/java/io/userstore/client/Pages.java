package io.userstore.client;

import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;

/** Reads lists page by page. */
final class Pages {
    private Pages() {}

    static <T> Page<T> page(Transport transport, Request request, ReadOptions options, Class<T> type) {
        JavaType page = Transport.JSON.getTypeFactory().constructParametricType(Page.class, type);
        JsonNode answer = transport.read(request, options);
        return Transport.parsed(answer, tree -> Transport.JSON.treeToValue(tree, page));
    }

    /** Holds one page at a time; a page is asked for when its first entry is. */
    static <T> Stream<T> all(Transport transport, Request request, Class<T> type) {
        Spliterator<List<T>> pages =
                new AbstractSpliterator<>(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    private @Nullable Request next = request;

                    @Override
                    public boolean tryAdvance(Consumer<? super List<T>> action) {
                        if (next == null) {
                            return false;
                        }
                        Page<T> page = page(transport, next, ReadOptions.DEFAULT, type);
                        Long after = page.paging().next() == null
                                ? null
                                : page.paging().after();
                        next = after == null ? null : next.with("after", after);
                        action.accept(page.data());
                        return true;
                    }
                };
        return StreamSupport.stream(pages, false).flatMap(List::stream);
    }
}
