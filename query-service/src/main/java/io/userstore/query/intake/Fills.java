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
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.MessageListenerContainer;

/** This instance's part in the rebuilds that are under way: a consumer for each, in a group that all instances share. */
final class Fills {
    private static final Logger LOG = LoggerFactory.getLogger(Fills.class);

    private final MongoDatabase database;
    private final BiFunction<ReadModel, Generation, MessageListenerContainer> containers;
    private final Map<Generation, MessageListenerContainer> running = new HashMap<>();

    /** @param containers makes a consumer that fills a generation */
    Fills(MongoDatabase database, BiFunction<ReadModel, Generation, MessageListenerContainer> containers) {
        this.database = database;
        this.containers = containers;
    }

    /**
     * Begins what is to be filled, and ends what is not.
     *
     * @throws com.mongodb.MongoException when the server is away
     */
    void follow(Generations generations) {
        Set<Generation> wanted = new HashSet<>();
        for (ReadModel model : generations.models()) {
            ModelState state = generations.known().of(model.name());
            Rebuild rebuild = state.underWay();
            if (rebuild != null && rebuild.state().isFilled()) {
                Generation generation = state.generation(rebuild.generation());
                wanted.add(generation);
                if (!running.containsKey(generation)) {
                    begin(model, generation);
                }
            }
        }
        for (Generation over : Set.copyOf(running.keySet())) {
            if (!wanted.contains(over)) {
                end(over);
            }
        }
    }

    private void begin(ReadModel model, Generation generation) {
        if (!model.findsById()) {
            model.createIndexes(database, generation);
        }
        MessageListenerContainer container = containers.apply(model, generation);
        container.start();
        running.put(generation, container);
        LOG.info("fills {}", generation.key());
    }

    /** @throws com.mongodb.MongoException when the server is away, or does not finish in time */
    void createIndexes(ReadModel model, Generation generation) {
        model.createIndexes(database, generation);
    }

    private void end(Generation generation) {
        MessageListenerContainer container = running.remove(generation);
        if (container != null) {
            container.stop();
            LOG.info("fills {} no more", generation.key());
        }
    }

    void endAll() {
        Set.copyOf(running.keySet()).forEach(this::end);
    }
}
