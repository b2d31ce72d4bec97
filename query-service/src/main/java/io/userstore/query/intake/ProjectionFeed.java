package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.Skipped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Feeds batches to one generation of a read model, and finds out which of the events it cannot take. Thread-safe. */
final class ProjectionFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectionFeed.class);

    private final Generation generation;
    private final Projection projection;
    private final IntakeMeters meters;

    ProjectionFeed(Generation generation, Projection projection, IntakeMeters meters) {
        this.generation = generation;
        this.projection = projection;
        this.meters = meters;
    }

    /** The read model's name. */
    String name() {
        return generation.model();
    }

    Generation generation() {
        return generation;
    }

    IntakeMeters meters() {
        return meters;
    }

    /**
     * Applies a batch.
     *
     * @param serving whether this is what is read: then it is measured, and what it cannot take is an alarm
     * @return what could not be applied, and why
     * @throws MongoException when the server is away; the batch is then to be delivered again
     */
    Map<Delivery, String> apply(List<Delivery> batch, boolean serving) {
        Map<Delivery, String> failed = new LinkedHashMap<>();
        if (batch.isEmpty()) {
            return failed;
        }
        Level level = serving ? Level.ERROR : Level.DEBUG;
        List<Delivery> gaps = serving
                ? meters.batches().record(() -> applyAround(batch, failed, level))
                : applyAround(batch, failed, level);
        gaps.forEach(gap -> {
            LOG.atLevel(level)
                    .log(
                            "projection {}: gap: {} number {} of user {} at partition {} offset {} does not follow",
                            generation.key(),
                            gap.event().type().stream(),
                            gap.event().sequence(),
                            gap.event().userId(),
                            gap.partition(),
                            gap.offset());
            failed.put(gap, DeadLetter.GAP);
        });
        if (serving) {
            meters.applied(batch.size() - failed.size(), batch.getLast().event().time());
        }
        return failed;
    }

    /**
     * Passes over an event of an unknown type.
     *
     * @return false when it left a gap
     * @throws MongoException when the server is away; the event is then to be delivered again
     */
    boolean skip(Skipped event, boolean serving) {
        boolean follows = projection.skip(event);
        if (!follows) {
            LOG.atLevel(serving ? Level.ERROR : Level.DEBUG)
                    .log(
                            "projection {}: gap: {} number {} of user {} at partition {} offset {}, of an unknown type,"
                                    + " does not follow",
                            generation.key(),
                            event.number().stream(),
                            event.number().sequence(),
                            event.number().userId(),
                            event.partition(),
                            event.offset());
        }
        return follows;
    }

    /** Applies a batch; when one event breaks it, applies each by itself, so that only that one is put aside. */
    private List<Delivery> applyAround(List<Delivery> batch, Map<Delivery, String> failed, Level level) {
        try {
            return projection.apply(batch);
        } catch (MongoException e) {
            throw e;
        } catch (RuntimeException e) {
            if (batch.size() > 1) {
                List<Delivery> gaps = new ArrayList<>();
                batch.forEach(one -> gaps.addAll(applyAround(List.of(one), failed, level)));
                return gaps;
            }
            Delivery one = batch.getFirst();
            // Only the exception's kind and place: its message may quote content.
            LOG.atLevel(level)
                    .log(
                            "projection {}: the event at partition {} offset {} cannot be applied: {} at {}",
                            generation.key(),
                            one.partition(),
                            one.offset(),
                            e.getClass().getName(),
                            e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
            failed.put(one, DeadLetter.UNPROCESSABLE + ": " + e.getClass().getSimpleName());
            return List.of();
        }
    }
}
