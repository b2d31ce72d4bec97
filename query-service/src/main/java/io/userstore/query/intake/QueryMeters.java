package io.userstore.query.intake;

import java.util.Map;

/** The meters of all projections, by name. */
record QueryMeters(Map<String, IntakeMeters> byProjection) {
    QueryMeters {
        byProjection = Map.copyOf(byProjection);
    }

    IntakeMeters of(String projection) {
        IntakeMeters meters = byProjection.get(projection);
        if (meters == null) {
            throw new IllegalArgumentException("no projection " + projection);
        }
        return meters;
    }
}
