package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.api.consistency.Pacing;
import io.userstore.api.consistency.ProgressReport;
import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.seal.UserKey;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Takes the log's batches for all projections. In this order: decode and open once, apply to each projection, side by side, put
 * aside what could not be applied, note the offsets, report. Whatever breaks off in between is delivered again.
 */
final class BatchIntake implements BatchMessageListener<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(BatchIntake.class);

    private static final Duration MOST_REST = Duration.ofMillis(25);
    private static final int LARGE = 200;
    /** Users in one report, so that it fits a record however large the batch was. */
    private static final int MOST_IN_REPORT = 2_000;

    /** One for each thread of the container. */
    private final ThreadLocal<Pacing> pacing = ThreadLocal.withInitial(() -> new Pacing(MOST_REST, LARGE));

    private final List<ProjectionFeed> feeds;
    private final List<String> names;
    private final ExecutorService executor;
    private final Progress progress;
    private final DeadLetters deadLetters;
    private final ProgressReports reports;
    private final Opening opening;

    /** @param executor runs the feeds of one batch side by side */
    BatchIntake(
            List<ProjectionFeed> feeds,
            ExecutorService executor,
            Progress progress,
            DeadLetters deadLetters,
            ProgressReports reports,
            Opening opening) {
        this.feeds = List.copyOf(feeds);
        this.names = feeds.stream().map(ProjectionFeed::name).toList();
        this.executor = executor;
        this.progress = progress;
        this.deadLetters = deadLetters;
        this.reports = reports;
        this.opening = opening;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        Pacing pace = pacing.get();
        pace.begin();
        take(records);
        pace.end(records.size());
    }

    private void take(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Delivery> decoded = open(decode(records), records);
        Set<Delivery> failed = apply(decoded, records);
        Map<Integer, Long> offsets = new HashMap<>();
        records.forEach(record -> offsets.merge(record.partition(), record.offset(), Math::max));
        progress.store(names, offsets);
        report(
                failed.isEmpty()
                        ? decoded
                        : decoded.stream()
                                .filter(delivery -> !failed.contains(delivery))
                                .toList());
    }

    /** Decodes what can be decoded, passes over what is from a later version, and puts the rest aside. */
    private List<Delivery> decode(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Delivery> decoded = new ArrayList<>(records.size());
        List<DeadLetter> dead = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                PublishedEvent event = EventCodec.decode(name -> header(record, name), record.value());
                decoded.add(new Delivery(record.partition(), record.offset(), event));
            } catch (EventCodec.UnknownEventTypeException e) {
                LOG.debug("passed over at {}-{}: {}", record.partition(), record.offset(), e.getMessage());
                feeds.forEach(feed -> feed.meters().unknownType());
            } catch (EventCodec.UndecodableEventException e) {
                LOG.error(
                        "no event at partition {} offset {}: {}", record.partition(), record.offset(), e.getMessage());
                dead.add(new DeadLetter(record, DeadLetter.UNDECODABLE + ": " + e.getMessage()));
            }
        }
        feeds.forEach(feed -> bury(feed, dead));
        return decoded;
    }

    /** Opens what is personal where there is a key for it; what then breaks the contract is put aside. */
    private List<Delivery> open(List<Delivery> sealed, List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, UserKey> keys = opening.keysFor(sealed);
        List<Delivery> opened = new ArrayList<>(sealed.size());
        Map<Delivery, String> failed = new LinkedHashMap<>();
        for (Delivery delivery : sealed) {
            try {
                opened.add(opening.open(delivery, keys));
            } catch (EventCodec.UndecodableEventException e) {
                LOG.error(
                        "no event at partition {} offset {}: {}",
                        delivery.partition(),
                        delivery.offset(),
                        e.getMessage());
                failed.put(delivery, DeadLetter.UNDECODABLE + ": " + e.getMessage());
            }
        }
        if (!failed.isEmpty()) {
            List<DeadLetter> dead = letters(failed, records);
            feeds.forEach(feed -> bury(feed, dead));
        }
        return opened;
    }

    /** Applies to every projection, and tells which deliveries some projection could not take. */
    private Set<Delivery> apply(List<Delivery> decoded, List<ConsumerRecord<byte[], byte[]>> records) {
        Set<Delivery> failed = new HashSet<>();
        List<Map<Delivery, String>> outcomes = applySideBySide(decoded);
        for (int i = 0; i < outcomes.size(); i++) {
            Map<Delivery, String> outcome = outcomes.get(i);
            if (!outcome.isEmpty()) {
                failed.addAll(outcome.keySet());
                bury(feeds.get(i), letters(outcome, records));
            }
        }
        return failed;
    }

    private List<Map<Delivery, String>> applySideBySide(List<Delivery> decoded) {
        try {
            List<Callable<Map<Delivery, String>>> tasks = new ArrayList<>();
            feeds.forEach(feed -> tasks.add(() -> feed.apply(decoded)));
            List<Map<Delivery, String>> outcomes = new ArrayList<>();
            for (Future<Map<Delivery, String>> task : executor.invokeAll(tasks)) {
                outcomes.add(task.get());
            }
            return outcomes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MongoException away) {
                throw away;
            }
            throw new IllegalStateException("a projection failed", e.getCause());
        }
    }

    private static List<DeadLetter> letters(
            Map<Delivery, String> failed, List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Position, ConsumerRecord<byte[], byte[]>> byPosition = new HashMap<>();
        records.forEach(record -> byPosition.put(new Position(record.partition(), record.offset()), record));
        List<DeadLetter> letters = new ArrayList<>();
        failed.forEach((delivery, cause) -> {
            ConsumerRecord<byte[], byte[]> record =
                    byPosition.get(new Position(delivery.partition(), delivery.offset()));
            if (record != null) {
                letters.add(new DeadLetter(record, cause));
            }
        });
        return letters;
    }

    private void bury(ProjectionFeed feed, List<DeadLetter> dead) {
        if (dead.isEmpty()) {
            return;
        }
        deadLetters.send(feed.name(), dead);
        dead.forEach(letter -> feed.meters().deadLetter(letter.kind()));
    }

    private void report(List<Delivery> applied) {
        if (applied.isEmpty()) {
            return;
        }
        Instant last = applied.getLast().event().time();
        long lag = Math.max(0, Duration.between(last, Instant.now()).toMillis());
        List<ProgressReport.Applied> users = users(applied);
        for (int i = 0; i < users.size(); i += MOST_IN_REPORT) {
            List<ProgressReport.Applied> part = users.subList(i, Math.min(i + MOST_IN_REPORT, users.size()));
            reports.publish(new ProgressReport(names, lag, part));
        }
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
