package io.userstore.query.intake;

import io.userstore.query.intake.Feeding.Fed;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.ModelState;
import io.userstore.query.projection.ReadModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The feeds of the generations that the intake has to feed: of each read model the one that is read, the one that was read before,
 * and one that is about to be. Thread-safe.
 */
final class LiveFeeds {
    private final Generations generations;
    private final QueryMeters meters;
    private final Map<Generation, ProjectionFeed> feeds = new HashMap<>();
    private volatile Current current;

    LiveFeeds(Generations generations, QueryMeters meters) {
        this.generations = generations;
        this.meters = meters;
        this.current = of(generations.known());
    }

    /** What is to be fed, as long as {@code known} is what is known. */
    record Current(Generations.Known known, List<Fed> feeds) {}

    /** What is to be fed now; the same object as long as nothing has changed. */
    Current current() {
        Current before = current;
        if (before.known() == generations.known()) {
            return before;
        }
        Current after = of(generations.known());
        current = after;
        return after;
    }

    private synchronized Current of(Generations.Known known) {
        List<Fed> all = new ArrayList<>();
        Set<Generation> needed = new HashSet<>();
        for (ReadModel model : generations.models()) {
            ModelState state = known.of(model.name());
            for (int number : state.fed()) {
                Generation generation = state.generation(number);
                needed.add(generation);
                ProjectionFeed feed = feeds.computeIfAbsent(
                        generation,
                        made -> new ProjectionFeed(made, model.projections().apply(made), meters.of(model.name())));
                all.add(new Fed(feed, number == state.serving()));
            }
        }
        feeds.keySet().retainAll(needed);
        return new Current(known, List.copyOf(all));
    }
}
