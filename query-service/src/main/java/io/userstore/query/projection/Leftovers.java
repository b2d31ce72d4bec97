package io.userstore.query.projection;

import com.mongodb.client.MongoDatabase;
import io.userstore.query.mongo.CollectionIndexes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Drops the documents of generations that nobody reads or feeds any more, and forgets their progress. */
public final class Leftovers {
    private final MongoDatabase database;
    private final Generations generations;
    private final Progress progress;
    private final Duration grace;

    /** @param grace how long a generation stays after it was last needed: longer than any instance or request takes to notice */
    public Leftovers(MongoDatabase database, Generations generations, Progress progress, Duration grace) {
        this.database = database;
        this.generations = generations;
        this.progress = progress;
        this.grace = grace;
    }

    /**
     * Looks once, and drops. Progress goes first: whoever takes up such a generation again must find neither or begin anew, never
     * progress without documents.
     *
     * @param isFree whether nobody uses that generation, of a version before the present one
     * @throws com.mongodb.MongoException when the server is away
     */
    public void drop(Instant now, Predicate<Generation> isFree) {
        Generations.Known known = generations.refresh();
        List<String> collections = database.listCollectionNames().into(new ArrayList<>());
        Set<String> keys = progress.all().keySet();
        for (ReadModel model : generations.models()) {
            ModelState state = known.of(model.name());
            Set<Generation> over = new HashSet<>();
            List<String> names = new ArrayList<>(keys);
            names.addAll(collections);
            for (String name : names) {
                find(model, name)
                        .filter(each -> isOver(state, each, now, isFree))
                        .ifPresent(over::add);
            }
            boolean beforeVersions = keys.contains(model.name()) && isFree.test(new Generation(model.name(), 1, 1));
            if (!over.isEmpty() || beforeVersions) {
                drop(model, over, collections, keys);
            }
        }
    }

    private boolean isOver(ModelState state, Generation found, Instant now, Predicate<Generation> isFree) {
        if (found.version() < state.version()) {
            return isFree.test(found);
        }
        return found.version() == state.version()
                && found.number() <= state.newest()
                && !state.used().contains(found.number())
                && state.changedAt().plus(grace).isBefore(now);
    }

    private void drop(ReadModel model, Set<Generation> over, List<String> collections, Set<String> keys) {
        List<String> forgotten = new ArrayList<>(keys.stream()
                .filter(key -> Generation.of(model.name(), model.name(), key)
                        .filter(over::contains)
                        .isPresent())
                .toList());
        // What was noted before versions were.
        if (keys.contains(model.name())) {
            forgotten.add(model.name());
        }
        progress.forget(forgotten);
        collections.stream()
                .filter(name -> find(model, name).filter(over::contains).isPresent())
                .forEach(name -> database.getCollection(name).drop());
        over.stream().filter(each -> each.version() < model.version()).forEach(generations::forget);
    }

    /** The generation of the model that a collection or a key belongs to. */
    private static Optional<Generation> find(ReadModel model, String name) {
        Optional<Generation> key = Generation.of(model.name(), model.name(), name);
        if (key.isPresent()) {
            return key;
        }
        for (CollectionIndexes each : model.collections()) {
            Optional<Generation> found = Generation.of(model.name(), each.collection(), name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
