package io.userstore.query.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What is measured of one projection. Thread-safe. */
final class IntakeMeters {
    private static final String PROJECTION = "projection";

    private final MeterRegistry registry;
    private final String projection;
    private final AtomicLong lagEvents = new AtomicLong();
    private final AtomicLong rebuildLeft = new AtomicLong();
    private final AtomicReference<Instant> lastEvent = new AtomicReference<>(Instant.now());
    private final Counter applied;
    private final Counter unknown;
    private final Timer batches;

    IntakeMeters(MeterRegistry registry, String projection) {
        this.registry = registry;
        this.projection = projection;
        applied = Counter.builder("userstore.projection.events.applied")
                .description("Events that the projection has taken in, redeliveries included")
                .tag(PROJECTION, projection)
                .register(registry);
        unknown = Counter.builder("userstore.projection.events.unknown")
                .description("Events passed over because their type is not known")
                .tag(PROJECTION, projection)
                .register(registry);
        batches = Timer.builder("userstore.projection.batch")
                .description("From a batch's arrival until reads see it")
                .tag(PROJECTION, projection)
                .publishPercentileHistogram()
                .register(registry);
        Gauge.builder("userstore.projection.lag.events", lagEvents, AtomicLong::doubleValue)
                .description("Events in the log that the projection has not applied")
                .tag(PROJECTION, projection)
                .register(registry);
        Gauge.builder("userstore.projection.rebuild.left", rebuildLeft, AtomicLong::doubleValue)
                .description("Events that a rebuild has still to read, 0 when none is under way")
                .tag(PROJECTION, projection)
                .baseUnit("events")
                .register(registry);
        Gauge.builder("userstore.projection.lag.seconds", this, IntakeMeters::lagSeconds)
                .description("Age of the last applied event while others wait, else 0")
                .tag(PROJECTION, projection)
                .baseUnit("seconds")
                .register(registry);
    }

    Timer batches() {
        return batches;
    }

    void applied(int events, Instant last) {
        applied.increment(events);
        lastEvent.set(last);
    }

    void unknownType() {
        unknown.increment();
    }

    void deadLetter(String kind) {
        Counter.builder("userstore.projection.dead.letters")
                .description("Records put aside on the dead letter topic")
                .tag(PROJECTION, projection)
                .tag("cause", kind)
                .register(registry)
                .increment();
    }

    void rebuildLeft(long events) {
        rebuildLeft.set(events);
    }

    void lag(long events) {
        lagEvents.set(events);
    }

    double lagSeconds() {
        return lagEvents.get() == 0
                ? 0
                : Math.max(0, Duration.between(lastEvent.get(), Instant.now()).toMillis() / 1_000.0);
    }
}
