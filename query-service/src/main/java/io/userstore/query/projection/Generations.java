package io.userstore.query.projection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this instance knows of the generations of its read models: as it was when it last looked. Reads ask here, from memory;
 * somebody has to look again and again. Thread-safe.
 */
public final class Generations {
    private final List<ReadModel> models;
    private final ModelStates states;
    private volatile Known known;

    public Generations(List<ReadModel> models, ModelStates states) {
        this.models = List.copyOf(models);
        this.states = states;
        this.known = new Known(models.stream().collect(Collectors.toMap(ReadModel::name, ModelState::first)));
    }

    /**
     * The states of all read models, by name, at one moment. As long as nothing changes it is the same object.
     */
    public static final class Known {
        private final Map<String, ModelState> states;
        private final Serving serving;

        Known(Map<String, ModelState> states) {
            this.states = Map.copyOf(states);
            this.serving = new Serving(states.values().stream()
                    .collect(Collectors.toMap(ModelState::model, ModelState::servingGeneration)));
        }

        /** By the read models' names. */
        public Map<String, ModelState> states() {
            return states;
        }

        /** @throws IllegalArgumentException when there is no such read model */
        public ModelState of(String model) {
            ModelState state = states.get(model);
            if (state == null) {
                throw new IllegalArgumentException("no read model " + model);
            }
            return state;
        }
    }

    public List<ReadModel> models() {
        return models;
    }

    public Known known() {
        return known;
    }

    /** What is read now. */
    public Serving serving() {
        return known.serving;
    }

    /** What is read now, after a look. */
    public Serving refreshedServing() {
        return refresh().serving;
    }

    /**
     * Looks at what is written down.
     *
     * @throws com.mongodb.MongoException when the server is away; all stays as it was then
     */
    public Known refresh() {
        Map<String, ModelState> found = states.all();
        synchronized (this) {
            Map<String, ModelState> now = new HashMap<>(known.states);
            // Of two who look at the same time, the one who has seen less comes last, perhaps.
            now.replaceAll((name, before) -> {
                ModelState after = found.get(before.key());
                return after != null && after.revision() > before.revision() ? after : before;
            });
            if (!now.equals(known.states)) {
                known = new Known(now);
            }
            return known;
        }
    }

    /**
     * Changes a read model's state, and knows it then.
     *
     * @param decide what becomes of a state; null, or an exception, changes nothing. Called anew when others are faster
     * @return the state that was written down, null when it was decided to change nothing
     * @throws com.mongodb.MongoException when the server is away
     */
    public @Nullable ModelState change(String model, Function<ModelState, @Nullable ModelState> decide) {
        for (int i = 0; i < 50; i++) {
            ModelState next = decide.apply(refresh().of(model));
            if (next == null) {
                return null;
            }
            if (states.write(next)) {
                refresh();
                return next;
            }
        }
        throw new com.mongodb.MongoException("the state of " + model + " could not be changed in 50 attempts");
    }

    /** Forgets a version of a read model of which nothing is left. */
    public void forget(Generation any) {
        states.forget(new Generation(any.model(), any.version(), 1).key());
    }
}
