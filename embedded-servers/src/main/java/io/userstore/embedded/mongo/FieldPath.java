package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A field's name, dotted for a field within a field, split once. Where an array stands in the way, the path goes on in each of
 * its documents, and a number picks an element.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/core/document/#dot-notation">Dot Notation</a>
 */
final class FieldPath {

    private final String name;
    private final String first;
    private final byte[] firstUtf8;
    private final List<String> rest;

    FieldPath(String name) {
        List<String> steps = List.of(name.split("\\.", -1));
        this.name = name;
        this.first = steps.getFirst();
        this.firstUtf8 = first.getBytes(StandardCharsets.UTF_8);
        this.rest = steps.subList(1, steps.size());
    }

    String name() {
        return name;
    }

    /** The first step: a field of the document itself. */
    String first() {
        return first;
    }

    /** Whether it names a field of the document itself. */
    boolean isOneStep() {
        return rest.isEmpty();
    }

    /** The value of the first step's field, {@link Missing} if there is none. */
    @Nullable
    Object value(RawDocument document) {
        return document.get(first, firstUtf8);
    }

    /**
     * Tells whether one of the values at the path passes: the value there, or {@link Missing} if there is none, and if it is an
     * array, each element as well.
     */
    boolean anyMatch(RawDocument document, Predicate<@Nullable Object> test) {
        Object value = document.get(first, firstUtf8);
        if (rest.isEmpty() && !(value instanceof Collection<?>)) {
            return test.test(value);
        }
        List<@Nullable Object> ends = new ArrayList<>();
        collectEnds(value, 0, ends);
        for (Object end : ends) {
            if (test.test(end)
                    || end instanceof Collection<?> array && array.stream().anyMatch(test)) {
                return true;
            }
        }
        return false;
    }

    /** The values an index holds for the document: an array's elements stand for it. Never empty. */
    IndexedValues indexedValues(RawDocument document) {
        Object value = document.get(first, firstUtf8);
        if (rest.isEmpty() && !(value instanceof Collection<?>)) {
            return new IndexedValues(singleton(value), false);
        }
        List<@Nullable Object> ends = new ArrayList<>();
        boolean throughArray = collectEnds(value, 0, ends);
        List<@Nullable Object> values = new ArrayList<>();
        for (Object end : ends) {
            throughArray |= end instanceof Collection<?>;
            addElements(end, values);
        }
        if (values.isEmpty()) {
            values.add(null);
        }
        return new IndexedValues(values, throughArray);
    }

    /**
     * The value that stands for the document in a sort: the least of an array's elements going up, the greatest going down.
     *
     * @see <a href="https://www.mongodb.com/docs/manual/reference/method/cursor.sort/">cursor.sort()</a>
     */
    @Nullable
    Object sortValue(RawDocument document, boolean descending) {
        List<@Nullable Object> values = indexedValues(document).values();
        Object best = values.getFirst();
        for (Object value : values.subList(1, values.size())) {
            int order = BsonOrder.compare(value, best);
            if (descending ? order > 0 : order < 0) {
                best = value;
            }
        }
        return best;
    }

    private static List<@Nullable Object> singleton(@Nullable Object value) {
        List<@Nullable Object> single = new ArrayList<>(1);
        single.add(value);
        return single;
    }

    private static void addElements(@Nullable Object end, List<@Nullable Object> values) {
        if (!(end instanceof Collection<?> array)) {
            values.add(end);
        } else if (array.isEmpty()) {
            values.add(KeyBytes.EMPTY_ARRAY);
        } else {
            values.addAll(array);
        }
    }

    /** Follows the path from step {@code depth} of the rest on; tells whether an array stood in the way. */
    private boolean collectEnds(@Nullable Object value, int depth, List<@Nullable Object> ends) {
        if (depth == rest.size()) {
            ends.add(value);
            return false;
        }
        String step = rest.get(depth);
        if (value instanceof Document document) {
            return collectEnds(document.getOrMissing(step), depth + 1, ends);
        }
        if (value instanceof List<?> array) {
            for (Object element : array) {
                if (element instanceof Document document) {
                    collectEnds(document.getOrMissing(step), depth + 1, ends);
                }
            }
            if (isPosition(step) && Integer.parseInt(step) < array.size()) {
                collectEnds(array.get(Integer.parseInt(step)), depth + 1, ends);
            }
            return true;
        }
        ends.add(Missing.getInstance());
        return false;
    }

    private static boolean isPosition(String step) {
        return !step.isEmpty() && step.length() < 9 && step.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * @param values at least one
     * @param ofArray whether they come from an array, even one of a single element
     */
    record IndexedValues(List<@Nullable Object> values, boolean ofArray) {}
}
