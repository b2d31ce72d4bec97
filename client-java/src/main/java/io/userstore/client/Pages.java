package io.userstore.client;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;

/** Reads lists page by page. */
final class Pages {
    /** A JWE, which needs no decoding. */
    private static final Pattern PLACE = Pattern.compile("[?&]place=([\\w.-]+)");

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
                    next.set(following(current, page.paging()));
                    return page.data();
                })
                .flatMap(List::stream);
    }

    /** With the place beside the cursor, where the link has one: else the page would follow its user to wherever that has gone. */
    private static @Nullable Request following(Request current, Page.Paging paging) {
        String next = paging.next();
        Long after = paging.after();
        if (next == null || after == null) {
            return null;
        }
        Matcher place = PLACE.matcher(next);
        return place.find() ? current.with("after", after).with("place", place.group(1)) : current.with("after", after);
    }
}
