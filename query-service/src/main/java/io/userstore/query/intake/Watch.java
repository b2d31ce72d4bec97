package io.userstore.query.intake;

import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.client.MongoDatabase;
import io.userstore.api.consistency.ProgressReport;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.ReadModel;
import io.userstore.query.projection.Readiness;
import io.userstore.query.projection.Serving;
import io.userstore.query.projection.Standings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at both servers again and again: prepares them once they are there, follows the projections to the end of the
 * log, and knows afterwards how far they lag. Written by one thread, read by any.
 */
final class Watch implements Readiness, Standings {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration BETWEEN_LOG_LINES = Duration.ofSeconds(1);

    private final EventLog log;
    private final MongoDatabase database;
    private final Progress progress;
    private final Generations generations;
    private final Map<String, IntakeMeters> meters;
    private final ProgressReports reports;

    /** By the keys of generations. */
    private final Map<String, CatchUp> catchUps = new HashMap<>();

    private final Map<String, Map<String, Object>> described = new ConcurrentHashMap<>();
    private boolean topicsCreated;
    private boolean indexesCreated;
    private volatile boolean prepared;
    private Instant lastLogLine = Instant.EPOCH;
    private volatile boolean joined;
    private volatile boolean ready;
    private volatile @Nullable List<Standing> standings;
    private volatile @Nullable String kafkaFailure = "not asked yet";
    private volatile @Nullable String mongodbFailure = "not asked yet";

    /** @param meters by the names of the projections */
    Watch(
            EventLog log,
            MongoDatabase database,
            Progress progress,
            Generations generations,
            Map<String, IntakeMeters> meters,
            ProgressReports reports) {
        this.log = log;
        this.database = database;
        this.progress = progress;
        this.generations = generations;
        this.meters = Map.copyOf(meters);
        this.reports = reports;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public Optional<List<Standing>> now() {
        return Optional.ofNullable(standings);
    }

    /** The consumer has joined its group: from now on it takes what comes. */
    void joined() {
        joined = true;
    }

    /** Whether both servers have been there, with what is needed on them. */
    boolean isPrepared() {
        return prepared;
    }

    /** Why Kafka cannot be used, or null when it can. */
    @Nullable
    String kafkaFailure() {
        return kafkaFailure;
    }

    /** Why MongoDB cannot be used, or null when it can. */
    @Nullable
    String mongodbFailure() {
        return mongodbFailure;
    }

    /** By projection: how far it is. */
    Map<String, Map<String, Object>> describe() {
        return new LinkedHashMap<>(described);
    }

    /**
     * Looks once.
     *
     * @throws InterruptException when the thread is interrupted
     * @return whether both servers are there and prepared
     */
    boolean look() {
        // First the read models, then the log: the other way round, they might seem to be ahead.
        Map<String, Map<Integer, Long>> applied = askMongodb();
        Map<Integer, EventLog.Span> spans = askKafka();
        if (applied == null || spans == null) {
            standings = null;
            return false;
        }
        Instant now = Instant.now();
        List<Standing> seen = new ArrayList<>();
        List<String> caughtUp = new ArrayList<>();
        Serving serving = generations.serving();
        Set<String> keys = new HashSet<>();
        for (ReadModel model : generations.models()) {
            String key = serving.of(model.name()).key();
            keys.add(key);
            Map<Integer, Long> offsets = applied.getOrDefault(key, Map.of());
            CatchUp catchUp = follow(model.name(), key, offsets, spans, now);
            long lag = CatchUp.lag(spans, offsets);
            seen.add(new Standing(
                    model.name(),
                    model.version(),
                    CatchUp.applied(spans, offsets),
                    lag,
                    lagged(model.name(), lag),
                    catchUp.state()));
            if (lag == 0) {
                caughtUp.add(model.name());
            }
        }
        catchUps.keySet().retainAll(keys);
        seen.sort(Comparator.comparing(Standing::name));
        standings = List.copyOf(seen);
        if (joined && !caughtUp.isEmpty()) {
            // Whoever stopped waiting for these learns that they are back, before any new event comes.
            reports.publish(ProgressReport.caughtUp(caughtUp));
        }
        if (!ready) {
            ready = joined && catchUps.values().stream().allMatch(CatchUp::isComplete);
            tell(now);
        }
        prepared = true;
        return true;
    }

    /** Tells the meter the lag in events; answers that in seconds. */
    private double lagged(String projection, long lag) {
        IntakeMeters meter = meters.get(projection);
        if (meter == null) {
            return 0;
        }
        meter.lag(lag);
        return meter.lagSeconds();
    }

    private CatchUp follow(
            String projection,
            String generation,
            Map<Integer, Long> offsets,
            Map<Integer, EventLog.Span> spans,
            Instant now) {
        CatchUp catchUp = catchUps.computeIfAbsent(generation, key -> new CatchUp(spans, offsets, now));
        if (!catchUp.isComplete()) {
            catchUp.update(offsets);
        }
        described.put(projection, catchUp.describe(now));
        return catchUp;
    }

    private void tell(Instant now) {
        if (!ready && Duration.between(lastLogLine, now).compareTo(BETWEEN_LOG_LINES) < 0) {
            return;
        }
        lastLogLine = now;
        catchUps.forEach((projection, catchUp) -> {
            if (catchUp.isAhead()) {
                LOG.error("projection {}: {}", projection, catchUp.describe(now));
            } else {
                LOG.info("projection {}: {}", projection, catchUp.describe(now));
            }
        });
    }

    private @Nullable Map<String, Map<Integer, Long>> askMongodb() {
        try {
            Serving serving = generations.refreshedServing();
            if (!indexesCreated) {
                createIndexes(serving);
                indexesCreated = true;
            }
            Map<String, Map<Integer, Long>> applied = progress.all();
            if (mongodbFailure != null) {
                LOG.info("MongoDB is there");
            }
            mongodbFailure = null;
            return applied;
        } catch (MongoInterruptedException e) {
            throw new InterruptException("while MongoDB was asked", new InterruptedException());
        } catch (MongoException e) {
            if (mongodbFailure == null) {
                LOG.warn("MongoDB is away", e);
            }
            mongodbFailure = e.getClass().getSimpleName();
            return null;
        }
    }

    private void createIndexes(Serving serving) {
        for (ReadModel model : generations.models()) {
            model.createIndexes(database, serving.of(model.name()));
        }
    }

    private @Nullable Map<Integer, EventLog.Span> askKafka() {
        try {
            if (!topicsCreated) {
                log.create();
                topicsCreated = true;
            }
            Map<Integer, EventLog.Span> spans = log.spans();
            if (kafkaFailure != null) {
                LOG.info("Kafka is there");
            }
            kafkaFailure = null;
            return spans;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            if (kafkaFailure == null) {
                LOG.warn("Kafka is away", e);
            }
            kafkaFailure = e.getClass().getSimpleName();
            return null;
        }
    }
}
