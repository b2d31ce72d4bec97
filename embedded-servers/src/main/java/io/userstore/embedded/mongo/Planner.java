package io.userstore.embedded.mongo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an index for a query: the one whose ranges hold the fewest entries, and if there is a limit, perhaps one that has the
 * order asked for, so that reading can stop early. Counting a range's entries is cheap, so nothing is guessed from statistics.
 */
final class Planner {

    private final PrimaryIndex primary;
    private final List<SecondaryIndex> secondary;

    Planner(PrimaryIndex primary, List<SecondaryIndex> secondary) {
        this.primary = primary;
        this.secondary = secondary;
    }

    /** @param wanted how many documents are read before reading stops, {@link Long#MAX_VALUE} for all */
    Plan plan(Filter filter, Sort sort, long wanted) {
        List<Filter> conditions = conditions(filter);
        Plan.@Nullable ById byId = byId(conditions, sort);
        if (byId != null) {
            return byId;
        }
        List<Plan.ByRange> candidates = candidates(conditions, sort);
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        if (candidates.isEmpty()) {
            Plan.@Nullable Union union = union(conditions);
            return union != null ? union : everything(sort, conditions.isEmpty());
        }
        return cheapest(candidates, sort, wanted);
    }

    private static List<Filter> conditions(Filter filter) {
        return filter instanceof Filter.All all ? all.filters() : List.of(filter);
    }

    private Plan.@Nullable ById byId(List<Filter> conditions, Sort sort) {
        for (Filter condition : conditions) {
            if (condition instanceof Filter.Field field && field.path().name().equals(PrimaryIndex.FIELD)) {
                @Nullable List<byte[]> keys = IndexBounds.points(field.test());
                if (keys != null) {
                    return new Plan.ById(keys, sort.isNone() || keys.size() < 2);
                }
            }
        }
        return null;
    }

    private List<Plan.ByRange> candidates(List<Filter> conditions, Sort sort) {
        List<Plan.ByRange> candidates = new ArrayList<>();
        for (SecondaryIndex index : secondary) {
            IndexBounds bounds = IndexBounds.of(index, conditions);
            if (bounds.findAtMostOne(index)) {
                return List.of(bounds.plan(index, Sort.NONE));
            }
            if (bounds.isUsable()) {
                candidates.add(bounds.plan(index, sort));
            }
        }
        IndexBounds ids = IndexBounds.of(primary, conditions);
        if (ids.isUsable()) {
            candidates.add(ids.plan(primary, sort));
        }
        if (candidates.stream().noneMatch(Plan::isSorted)) {
            addOnesInOrder(candidates, conditions, sort);
        }
        return candidates;
    }

    /** An index that no condition makes use of may still spare the sorting. */
    private void addOnesInOrder(List<Plan.ByRange> candidates, List<Filter> conditions, Sort sort) {
        for (SecondaryIndex index : secondary) {
            IndexBounds bounds = IndexBounds.of(index, conditions);
            if (!bounds.isUsable() && bounds.holdsAllDocuments(index)) {
                Plan.ByRange plan = bounds.plan(index, sort);
                if (plan.isSorted() && !sort.isNone()) {
                    candidates.add(plan);
                }
            }
        }
    }

    private Plan.ByRange everything(Sort sort, boolean isExact) {
        Plan.ByRange plan = IndexBounds.of(primary, List.of()).plan(primary, sort);
        return new Plan.ByRange(
                primary, plan.ranges(), plan.descending(), sort.isNone() || plan.isSorted(), isExact, false);
    }

    private Plan.@Nullable Union union(List<Filter> conditions) {
        for (Filter condition : conditions) {
            if (condition instanceof Filter.Any any) {
                return union(any);
            }
        }
        return null;
    }

    private Plan.@Nullable Union union(Filter.Any any) {
        List<Plan> plans = new ArrayList<>();
        for (Filter alternative : any.filters()) {
            Plan plan = plan(alternative, Sort.NONE, Long.MAX_VALUE);
            if (plan instanceof Plan.ByRange range && range.source() == primary && isEverything(range)) {
                return null;
            }
            plans.add(plan);
        }
        return new Plan.Union(plans);
    }

    private static boolean isEverything(Plan.ByRange plan) {
        return plan.ranges().size() == 1 && plan.ranges().getFirst().from().length == 0;
    }

    private static Plan.ByRange cheapest(List<Plan.ByRange> candidates, Sort sort, long wanted) {
        long[] entries =
                candidates.stream().mapToLong(Plan.ByRange::countEntries).toArray();
        long fewest = Arrays.stream(entries).min().orElseThrow();
        int best = 0;
        double bestCost = Double.MAX_VALUE;
        for (int i = 0; i < entries.length; i++) {
            double cost = cost(candidates.get(i), entries[i], fewest, sort, wanted);
            if (cost < bestCost) {
                best = i;
                bestCost = cost;
            }
        }
        return candidates.get(best);
    }

    /**
     * The documents to be read. In the order asked for, reading stops when enough match; how soon that is, the fewest entries of
     * any candidate tell: no more documents than these can match.
     */
    private static double cost(Plan.ByRange plan, long entries, long fewest, Sort sort, long wanted) {
        if (!plan.isSorted() && !sort.isNone()) {
            return entries * 1.5;
        }
        double perMatch = plan.isExact() ? 1 : (double) entries / Math.max(1, fewest);
        return Math.min(entries, wanted * perMatch);
    }

    /** Sorts keys and drops those that come twice. */
    static List<byte[]> distinct(List<byte[]> keys) {
        TreeSet<byte[]> distinct = new TreeSet<>(Arrays::compareUnsigned);
        distinct.addAll(keys);
        return List.copyOf(distinct);
    }
}
