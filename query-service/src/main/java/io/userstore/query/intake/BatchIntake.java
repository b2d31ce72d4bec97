package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.api.consistency.Pacing;
import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.Projection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Takes one projection's batches. In this order: decode, apply, put aside what could not be applied, note the offsets,
 * report. Whatever breaks off in between is delivered again.
 */
final class BatchIntake implements BatchMessageListener<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(BatchIntake.class);

    private static final Duration REST = Duration.ofMillis(8);
    private static final int LARGE = 200;

    /** One for each thread of the container. */
    private final ThreadLocal<Pacing> pacing = ThreadLocal.withInitial(() -> new Pacing(REST, LARGE));

    private final Projection projection;
    private final Progress progress;
    private final DeadLetters deadLetters;
    private final ProgressReports reports;
    private final IntakeMeters meters;

    BatchIntake(
            Projection projection,
            Progress progress,
            DeadLetters deadLetters,
            ProgressReports reports,
            IntakeMeters meters) {
        this.projection = projection;
        this.progress = progress;
        this.deadLetters = deadLetters;
        this.reports = reports;
        this.meters = meters;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        Pacing pace = pacing.get();
        pace.begin();
        meters.batches().record(() -> take(records));
        pace.end(records.size());
    }

    private void take(List<ConsumerRecord<byte[], byte[]>> records) {
        List<DeadLetter> dead = new ArrayList<>();
        List<Delivery> decoded = decode(records, dead);
        List<Delivery> applied = apply(decoded, records, dead);
        if (!dead.isEmpty()) {
            deadLetters.send(projection.name(), dead);
            dead.forEach(letter -> meters.deadLetter(letter.kind()));
        }
        Map<Integer, Long> offsets = new HashMap<>();
        records.forEach(record -> offsets.merge(record.partition(), record.offset(), Math::max));
        progress.store(projection.name(), offsets);
        report(applied, offsets);
        if (!applied.isEmpty()) {
            meters.applied(applied.size(), applied.getLast().event().time());
        }
    }

    private List<Delivery> decode(List<ConsumerRecord<byte[], byte[]>> records, List<DeadLetter> dead) {
        List<Delivery> decoded = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                PublishedEvent event = EventCodec.decode(name -> header(record, name), record.value());
                decoded.add(new Delivery(record.partition(), record.offset(), event));
            } catch (EventCodec.UnknownEventTypeException e) {
                LOG.debug("passed over at {}-{}: {}", record.partition(), record.offset(), e.getMessage());
                meters.unknownType();
            } catch (EventCodec.UndecodableEventException e) {
                LOG.error(
                        "projection {}: no event at partition {} offset {}: {}",
                        projection.name(),
                        record.partition(),
                        record.offset(),
                        e.getMessage());
                dead.add(new DeadLetter(record, DeadLetter.UNDECODABLE + ": " + e.getMessage()));
            }
        }
        return decoded;
    }

    /** Applies, and tells which were; the others join the dead. */
    private List<Delivery> apply(
            List<Delivery> decoded, List<ConsumerRecord<byte[], byte[]>> records, List<DeadLetter> dead) {
        Map<Delivery, String> failed = new LinkedHashMap<>();
        for (Delivery gap : applyAround(decoded, failed)) {
            LOG.error(
                    "projection {}: gap: {} number {} of user {} at partition {} offset {} does not follow",
                    projection.name(),
                    gap.event().type().stream(),
                    gap.event().sequence(),
                    gap.event().userId(),
                    gap.partition(),
                    gap.offset());
            failed.put(gap, DeadLetter.GAP);
        }
        if (failed.isEmpty()) {
            return decoded;
        }
        Map<Position, ConsumerRecord<byte[], byte[]>> byPosition = new HashMap<>();
        records.forEach(record -> byPosition.put(new Position(record.partition(), record.offset()), record));
        failed.forEach((delivery, cause) -> {
            ConsumerRecord<byte[], byte[]> record =
                    byPosition.get(new Position(delivery.partition(), delivery.offset()));
            if (record != null) {
                dead.add(new DeadLetter(record, cause));
            }
        });
        return decoded.stream()
                .filter(delivery -> !failed.containsKey(delivery))
                .toList();
    }

    /** Applies a batch; when one event breaks it, applies each by itself, so that only that one is put aside. */
    private List<Delivery> applyAround(List<Delivery> batch, Map<Delivery, String> failed) {
        if (batch.isEmpty()) {
            return List.of();
        }
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

    private void report(List<Delivery> applied, Map<Integer, Long> offsets) {
        Instant now = Instant.now();
        Map<Integer, List<Delivery>> byPartition = new HashMap<>();
        applied.forEach(delivery -> byPartition
                .computeIfAbsent(delivery.partition(), key -> new ArrayList<>())
                .add(delivery));
        byPartition.forEach((partition, deliveries) -> {
            long lag =
                    Duration.between(deliveries.getLast().event().time(), now).toMillis();
            reports.publish(new ProgressReport(
                    projection.name(),
                    partition,
                    offsets.getOrDefault(partition, deliveries.getLast().offset()),
                    Math.max(0, lag),
                    users(deliveries)));
        });
    }

    private static List<ProgressReport.Applied> users(List<Delivery> deliveries) {
        Map<String, ProgressReport.Applied> users = new LinkedHashMap<>();
        for (Delivery delivery : deliveries) {
            PublishedEvent event = delivery.event();
            boolean user = event.type().stream() == EventStream.USER;
            users.merge(
                    event.userId(),
                    new ProgressReport.Applied(
                            event.userId(), user ? event.sequence() : 0, user ? 0 : event.sequence()),
                    (a, b) -> new ProgressReport.Applied(
                            a.userId(),
                            Math.max(a.version(), b.version()),
                            Math.max(a.loginSequence(), b.loginSequence())));
        }
        return List.copyOf(users.values());
    }

    private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    private record Position(int partition, long offset) {}
}
