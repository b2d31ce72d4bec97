package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.backend.IndexKey;
import io.userstore.embedded.mongo.KeyBytes.BsonKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a query's conditions mean for one index: equality on its first fields, then a range of the next. A condition on an array
 * may be met by any element, so that on a multikey index only one condition on each field counts.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/core/multikey-index-bounds/">Multikey Index Bounds</a>
 */
final class IndexBounds {

    /** Combinations of the values of several {@code $in}; beyond, only the first ones count. */
    private static final int MOST_PREFIXES = 2_000;

    private final List<IndexKey> keys;
    private final boolean multikey;
    private final boolean sparse;
    private final int conditionCount;
    private final Set<Filter> decided = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<byte[]> prefixes = List.of(SecondaryIndex.NOTHING);
    private int equalFields;
    private boolean requiresPresence;
    private @Nullable KeyRange range;

    private IndexBounds(List<IndexKey> keys, boolean multikey, boolean sparse, int conditionCount) {
        this.keys = keys;
        this.multikey = multikey;
        this.sparse = sparse;
        this.conditionCount = conditionCount;
    }

    static IndexBounds of(SecondaryIndex index, List<Filter> conditions) {
        IndexBounds bounds = new IndexBounds(index.getKeys(), index.isMultikey(), index.isSparse(), conditions.size());
        bounds.apply(conditions);
        return bounds;
    }

    static IndexBounds of(PrimaryIndex index, List<Filter> conditions) {
        IndexBounds bounds = new IndexBounds(index.getKeys(), false, false, conditions.size());
        bounds.apply(conditions);
        return bounds;
    }

    /** Returns the keys of the values that pass the test, ascending, or null if they cannot be told one by one. */
    static @Nullable List<byte[]> points(ValueTest test) {
        return switch (test) {
            case ValueTest.EqualTo equal ->
                equal.operand() instanceof Collection<?> ? null : List.of(KeyBytes.of(equal.operand()));
            case ValueTest.OneOf oneOf ->
                oneOf.operands().stream().anyMatch(Collection.class::isInstance)
                        ? null
                        : Planner.distinct(
                                oneOf.operands().stream().map(KeyBytes::of).toList());
            case ValueTest.Compared compared -> null;
            case ValueTest.Matching matching -> null;
        };
    }

    /** Whether the index narrows the search, and holds all documents that may match. */
    boolean isUsable() {
        return (equalFields > 0 || range != null) && (!sparse || requiresPresence);
    }

    /** Then there is nothing to sort, nor any better index. */
    boolean findAtMostOne(SecondaryIndex index) {
        return index.isUnique()
                && !multikey
                && equalFields == keys.size()
                && prefixes.size() == 1
                && (!sparse || requiresPresence);
    }

    boolean holdsAllDocuments(SecondaryIndex index) {
        return !index.isSparse();
    }

    Plan.ByRange plan(EntryMap source, Sort sort) {
        @Nullable Boolean descending = directionFor(sort);
        boolean isSorted = sort.isNone() || descending != null;
        boolean isExact = !multikey && decided.size() == conditionCount;
        return new Plan.ByRange(source, ranges(), Boolean.TRUE.equals(descending), isSorted, isExact, multikey);
    }

    private void apply(List<Filter> conditions) {
        while (equalFields < keys.size() && applyEquality(conditions, keys.get(equalFields))) {
            equalFields++;
        }
        if (equalFields < keys.size()) {
            applyRanges(conditions, keys.get(equalFields));
        }
    }

    private boolean applyEquality(List<Filter> conditions, IndexKey key) {
        for (Filter condition : conditions) {
            if (condition instanceof Filter.Field field && field.path().name().equals(key.getKey())) {
                @Nullable List<byte[]> points = points(field.test());
                if (points != null && (long) points.size() * prefixes.size() <= MOST_PREFIXES) {
                    prefixes = combined(points, key.isAscending());
                    requiresPresence |= !admitsNull(field.test());
                    decided.add(condition);
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean admitsNull(ValueTest test) {
        return switch (test) {
            case ValueTest.EqualTo equal -> ValueTest.isNull(equal.operand());
            case ValueTest.OneOf oneOf -> oneOf.operands().stream().anyMatch(ValueTest::isNull);
            case ValueTest.Compared compared -> ValueTest.isNull(compared.operand());
            case ValueTest.Matching matching -> false;
        };
    }

    private List<byte[]> combined(List<byte[]> points, boolean ascending) {
        List<byte[]> combined = new ArrayList<>(prefixes.size() * points.size());
        for (byte[] prefix : prefixes) {
            for (byte[] point : points) {
                combined.add(new KeyBytes()
                        .putRaw(prefix)
                        .putRaw(ascending ? point : KeyBytes.inverted(point))
                        .toByteArray());
            }
        }
        return combined.size() < 2 ? combined : Planner.distinct(combined);
    }

    private void applyRanges(List<Filter> conditions, IndexKey key) {
        for (Filter condition : conditions) {
            if (condition instanceof Filter.Field field && field.path().name().equals(key.getKey())) {
                @Nullable KeyRange next = range(field.test(), key.isAscending());
                if (next != null && (range == null || !multikey)) {
                    range = range == null ? next : range.intersection(next);
                    requiresPresence = true;
                    if (field.test() instanceof ValueTest.Compared) {
                        decided.add(condition);
                    }
                }
            }
        }
    }

    private static @Nullable KeyRange range(ValueTest test, boolean ascending) {
        return switch (test) {
            case ValueTest.Compared compared
            when !ValueTest.isNull(compared.operand()) -> compared(compared, ascending);
            case ValueTest.Matching matching
            when !matching.prefix().isEmpty() ->
                startingWith(KeyBytes.ofStringsStartingWith(matching.prefix()), ascending);
            default -> null;
        };
    }

    private static KeyRange compared(ValueTest.Compared compared, boolean ascending) {
        byte[] operand = KeyBytes.of(compared.operand());
        KeyRange kind =
                startingWith(new byte[] {(byte) BsonKind.of(compared.operand()).code()}, ascending);
        KeyRange equal = startingWith(operand, ascending);
        return switch (compared.comparison()) {
            case GREATER -> ascending ? new KeyRange(equal.to(), kind.to()) : new KeyRange(kind.from(), equal.from());
            case GREATER_OR_EQUAL ->
                ascending ? new KeyRange(equal.from(), kind.to()) : new KeyRange(kind.from(), equal.to());
            case LESS -> ascending ? new KeyRange(kind.from(), equal.from()) : new KeyRange(equal.to(), kind.to());
            case LESS_OR_EQUAL ->
                ascending ? new KeyRange(kind.from(), equal.to()) : new KeyRange(equal.from(), kind.to());
        };
    }

    private static KeyRange startingWith(byte[] key, boolean ascending) {
        return KeyRange.startingWith(ascending ? key : KeyBytes.inverted(key));
    }

    private List<KeyRange> ranges() {
        List<KeyRange> ranges = new ArrayList<>(prefixes.size());
        for (byte[] prefix : prefixes) {
            KeyRange whole = KeyRange.startingWith(prefix);
            KeyRange part = range == null ? whole : range.after(prefix);
            if (!part.isEmpty()) {
                ranges.add(part);
            }
        }
        return ranges;
    }

    /** Returns whether to read downwards to have the order asked for, or null if neither direction has it. */
    private @Nullable Boolean directionFor(Sort sort) {
        if (multikey || prefixes.size() != 1) {
            return null;
        }
        @Nullable Boolean descending = null;
        int next = equalFields;
        for (Sort.Field field : sort.fields()) {
            if (isEqual(field)) {
                continue;
            }
            @Nullable IndexKey key = next < keys.size() ? keys.get(next) : afterLast(next);
            if (key == null || !key.getKey().equals(field.path().name())) {
                return null;
            }
            boolean isAgainst = field.descending() == key.isAscending();
            if (descending != null && descending != isAgainst) {
                return null;
            }
            descending = isAgainst;
            next++;
            if (key.getKey().equals(PrimaryIndex.FIELD)) {
                break; // no two documents are alike from here on
            }
        }
        return descending != null && descending;
    }

    private boolean isEqual(Sort.Field field) {
        return keys.subList(0, equalFields).stream()
                .anyMatch(key -> key.getKey().equals(field.path().name()));
    }

    /** Entries of equal values stand in the order of their ids. */
    private @Nullable IndexKey afterLast(int next) {
        return next == keys.size() ? new IndexKey(PrimaryIndex.FIELD, true) : null;
    }
}
