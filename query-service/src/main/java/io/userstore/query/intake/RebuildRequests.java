package io.userstore.query.intake;

import io.userstore.query.projection.Generations;
import io.userstore.query.projection.ModelState;
import io.userstore.query.projection.Rebuild;
import io.userstore.query.projection.Rebuilds;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what people want of rebuilds, which {@link Rebuilding} of every instance then carries out. */
final class RebuildRequests implements Rebuilds {
    private static final Logger LOG = LoggerFactory.getLogger(RebuildRequests.class);

    private final Generations generations;
    private final EventLog log;
    private final Replays replays;
    private final FillProgress measured;
    private final RebuildSettings settings;

    RebuildRequests(
            Generations generations, EventLog log, Replays replays, FillProgress measured, RebuildSettings settings) {
        this.generations = generations;
        this.log = log;
        this.replays = replays;
        this.measured = measured;
        this.settings = settings;
    }

    @Override
    public Optional<Status> of(String model) {
        ModelState state = generations.known().states().get(model);
        return Optional.ofNullable(state).map(this::status);
    }

    private Status status(ModelState state) {
        Rebuild rebuild = state.rebuild();
        if (rebuild == null) {
            return new Status(state, 0, 0, 0, null, 0);
        }
        FillProgress.Measured seen = measured.of(state.generation(rebuild.generation()));
        Instant filledAt = rebuild.filledAt();
        if (filledAt != null) {
            double seconds =
                    Math.max(1, Duration.between(rebuild.startedAt(), filledAt).toMillis()) / 1_000.0;
            return new Status(
                    state, rebuild.events(), rebuild.events(), rebuild.events() / seconds, null, rebuild.refused());
        }
        boolean filling = rebuild.state() == Rebuild.State.FILLING || rebuild.state() == Rebuild.State.INDEXING;
        Long eta = filling && seen.rate() >= 1 ? Math.round(seen.left() / seen.rate()) : null;
        return new Status(
                state, seen.done(), seen.total(), rebuild.state().isFilled() ? seen.rate() : 0, eta, seen.refused());
    }

    @Override
    public Outcome begin(String model, Rebuild.Condition condition, boolean fromStore) {
        ModelState now = generations.known().states().get(model);
        if (now == null) {
            return unknown(model);
        }
        String replay = null;
        try {
            FillView view = new FillView(log.spans());
            if (now.underWay() == null && (fromStore || view.isShort())) {
                replay = Replays.newTopic();
                replays.ask(replay, view.spans().size());
            }
        } catch (KafkaException e) {
            LOG.debug("a rebuild is refused", e);
            return new Outcome.Refused(Reason.SERVER_AWAY, "the log does not answer");
        }
        String topic = replay;
        Outcome outcome = changed(
                model,
                Reason.UNDER_WAY,
                "a rebuild is under way",
                state -> state.underWay() != null ? null : state.begun(condition, topic, Instant.now()));
        if (topic != null && outcome instanceof Outcome.Refused) {
            replays.forget(topic);
        }
        return outcome;
    }

    @Override
    public Outcome rollBack(String model) {
        if (!generations.known().states().containsKey(model)) {
            return unknown(model);
        }
        return changed(
                model,
                Reason.NOTHING_FORMER,
                "there is no former generation to go back to, or a rebuild is under way",
                state -> {
                    Integer former = state.former();
                    return former == null || state.underWay() != null
                            ? null
                            : state.rolledBack(former, Instant.now(), settings.keepFormer());
                });
    }

    @Override
    public Outcome end(String model) {
        if (!generations.known().states().containsKey(model)) {
            return unknown(model);
        }
        return changed(
                model, Reason.NOTHING_TO_END, "no rebuild is under way, and no former generation is kept", state -> {
                    Rebuild rebuild = state.underWay();
                    if (rebuild != null) {
                        return state.cancelled(rebuild, Instant.now());
                    }
                    Instant soon = state.changedAt().plus(RebuildSettings.SWITCHED_EVERYWHERE.multipliedBy(2));
                    return state.former() == null ? null : state.keepingFormerUntil(soon);
                });
    }

    private static Outcome unknown(String model) {
        return new Outcome.Refused(Reason.UNKNOWN_MODEL, "there is no such projection");
    }

    private Outcome changed(
            String model, Reason otherwise, String detail, Function<ModelState, @Nullable ModelState> decide) {
        ModelState next = generations.change(model, decide);
        if (next == null) {
            return new Outcome.Refused(otherwise, detail);
        }
        LOG.info("projection {}: {}", model, describe(next));
        return new Outcome.Accepted(status(next));
    }

    /** For the log. */
    static String describe(ModelState state) {
        Rebuild rebuild = state.rebuild();
        return "generation %d is read, former %s, rebuild %s"
                .formatted(
                        state.serving(),
                        state.former(),
                        rebuild == null
                                ? "none"
                                : rebuild.generation() + " " + rebuild.state().text());
    }
}
