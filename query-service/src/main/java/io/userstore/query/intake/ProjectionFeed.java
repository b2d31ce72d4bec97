package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.Skipped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds batches to one projection, and finds out which of the events it cannot take. Thread-safe. */
final class ProjectionFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectionFeed.class);

    private final Projection projection;
    private final IntakeMeters meters;

    ProjectionFeed(Projection projection, IntakeMeters meters) {
        this.projection = projection;
        this.meters = meters;
    }

    String name() {
        return projection.name();
    }

    /** Under what name the projection's progress is kept. */
    String progressKey() {
        return projection.progressKey();
    }

    IntakeMeters meters() {
        return meters;
    }

    /**
     * Applies a batch.
     *
     * @return what could not be applied, and why
     * @throws MongoException when the server is away; the batch is then to be delivered again
     */
    Map<Delivery, String> apply(List<Delivery> batch) {
        Map<Delivery, String> failed = new LinkedHashMap<>();
        if (batch.isEmpty()) {
            return failed;
        }
        meters.batches().record(() -> applyAround(batch, failed)).forEach(gap -> {
            LOG.error(
                    "projection {}: gap: {} number {} of user {} at partition {} offset {} does not follow",
                    projection.name(),
                    gap.event().type().stream(),
                    gap.event().sequence(),
                    gap.event().userId(),
                    gap.partition(),
                    gap.offset());
            failed.put(gap, DeadLetter.GAP);
        });
        meters.applied(batch.size() - failed.size(), batch.getLast().event().time());
        return failed;
    }

    /**
     * Passes over an event of an unknown type.
     *
     * @return false when it left a gap
     * @throws MongoException when the server is away; the event is then to be delivered again
     */
    boolean skip(Skipped event) {
        boolean follows = projection.skip(event);
        if (!follows) {
            LOG.error(
                    "projection {}: gap: {} number {} of user {} at partition {} offset {}, of an unknown type, does not"
                            + " follow",
                    projection.name(),
                    event.number().stream(),
                    event.number().sequence(),
                    event.number().userId(),
                    event.partition(),
                    event.offset());
        }
        return follows;
    }

    /** Applies a batch; when one event breaks it, applies each by itself, so that only that one is put aside. */
    private List<Delivery> applyAround(List<Delivery> batch, Map<Delivery, String> failed) {
        try {
            return projection.apply(batch);
        } catch (MongoException e) {
            throw e;
        } catch (RuntimeException e) {
            if (batch.size() > 1) {
                List<Delivery> gaps = new ArrayList<>();
                batch.forEach(one -> gaps.addAll(applyAround(List.of(one), failed)));
                return gaps;
            }
            Delivery one = batch.getFirst();
            // Only the exception's kind and place: its message may quote content.
            LOG.error(
                    "projection {}: the event at partition {} offset {} cannot be applied: {} at {}",
                    projection.name(),
                    one.partition(),
                    one.offset(),
                    e.getClass().getName(),
                    e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
            failed.put(one, DeadLetter.UNPROCESSABLE + ": " + e.getClass().getSimpleName());
            return List.of();
        }
    }
}
