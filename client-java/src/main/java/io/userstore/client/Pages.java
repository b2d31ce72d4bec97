package io.userstore.client;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
        AtomicReference<@Nullable Request> next = new AtomicReference<>(request);
        return Streams.of(() -> {
                    Request current = next.get();
                    if (current == null) {
                        return null;
                    }
                    Page<T> page = page(transport, current, ReadOptions.DEFAULT, type);
                    Long after =
                            page.paging().next() == null ? null : page.paging().after();
                    next.set(after == null ? null : current.with("after", after));
                    return page.data();
                })
                .flatMap(List::stream);
    }
}
