package io.userstore.query.projection;

import java.util.Map;

/**
 * Which generation of each read model is read at one moment. One request keeps to one of these: what it has waited for in a
 * generation it must not then read in another.
 */
public record Serving(Map<String, Generation> generations) {
    public Serving {
        generations = Map.copyOf(generations);
    }

    /** @throws IllegalArgumentException when there is no such read model */
    public Generation of(String model) {
        Generation generation = generations.get(model);
        if (generation == null) {
            throw new IllegalArgumentException("no read model " + model);
        }
        return generation;
    }
}
