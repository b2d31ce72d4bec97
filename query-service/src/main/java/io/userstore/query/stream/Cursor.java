package io.userstore.query.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A place in the log of events: for each partition the offset of the record to come next. A position in the history would
 * not do, since an event that was committed late comes behind ones with larger positions and would be missed.
 *
 * @param offsets by partition, from 0
 */
public record Cursor(List<Long> offsets) {
    /** In place of a cursor: all that ever happened. */
    public static final String BEGINNING = "beginning";

    private static final Pattern FORM = Pattern.compile("\\d{1,18}(\\.\\d{1,18}){0,999}");

    public Cursor {
        offsets = List.copyOf(offsets);
    }

    /** The cursor that {@link #text()} wrote; empty for anything else. */
    public static Optional<Cursor> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        List<Long> offsets = new ArrayList<>();
        for (String offset : text.split("\\.")) {
            offsets.add(Long.valueOf(offset));
        }
        return Optional.of(new Cursor(offsets));
    }

    Cursor behind(int partition, long offset) {
        List<Long> next = new ArrayList<>(offsets);
        next.set(partition, offset + 1);
        return new Cursor(next);
    }

    /** Its form for clients, who read nothing into it. */
    public String text() {
        return offsets.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
