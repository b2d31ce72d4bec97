package io.userstore.query.intake;

import com.mongodb.client.MongoDatabase;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.ModelState;
import io.userstore.query.projection.ReadModel;
import io.userstore.query.projection.Rebuild;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.MessageListenerContainer;

/** This instance's part in the rebuilds that are under way: a consumer for each, in a group that all instances share. */
final class Fills {
    private static final Logger LOG = LoggerFactory.getLogger(Fills.class);

    private final MongoDatabase database;
    private final Containers containers;
    private final Map<Source, MessageListenerContainer> running = new HashMap<>();

    /**
     * What a generation is filled from.
     *
     * @param replay a topic with the history, null for the log
     */
    record Source(Generation generation, @Nullable String replay) {}

    /** Makes consumers. */
    @FunctionalInterface
    interface Containers {
        MessageListenerContainer of(ReadModel model, Source source);
    }

    /** @param containers makes a consumer that fills a generation */
    Fills(MongoDatabase database, Containers containers) {
        this.database = database;
        this.containers = containers;
    }

    /**
     * Begins what is to be filled, and ends what is not.
     *
     * @throws com.mongodb.MongoException when the server is away
     */
    void follow(Generations generations) {
        Set<Source> wanted = new HashSet<>();
        for (ReadModel model : generations.models()) {
            ModelState state = generations.known().of(model.name());
            Rebuild rebuild = state.underWay();
            if (rebuild != null && rebuild.state().isFilled()) {
                Source source = new Source(
                        state.generation(rebuild.generation()),
                        rebuild.state() == Rebuild.State.REPLAYING ? rebuild.replay() : null);
                wanted.add(source);
                if (!running.containsKey(source)) {
                    begin(model, source);
                }
            }
        }
        for (Source over : Set.copyOf(running.keySet())) {
            if (!wanted.contains(over)) {
                end(over);
            }
        }
    }

    private void begin(ReadModel model, Source source) {
        Generation generation = source.generation();
        if (!model.findsById()) {
            model.createIndexes(database, generation);
        }
        MessageListenerContainer container = containers.of(model, source);
        container.start();
        running.put(source, container);
        LOG.info("fills {} from the {}", generation.key(), source.replay() == null ? "log" : "history");
    }

    /** @throws com.mongodb.MongoException when the server is away, or does not finish in time */
    void createIndexes(ReadModel model, Generation generation) {
        model.createIndexes(database, generation);
    }

    private void end(Source source) {
        MessageListenerContainer container = running.remove(source);
        if (container != null) {
            container.stop();
            LOG.info("fills {} no more", source.generation().key());
        }
    }

    void endAll() {
        Set.copyOf(running.keySet()).forEach(this::end);
    }
}
