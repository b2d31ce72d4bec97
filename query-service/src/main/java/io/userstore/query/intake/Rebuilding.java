package io.userstore.query.intake;

import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.GenerationComparison;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.Leftovers;
import io.userstore.query.projection.ModelState;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.ReadModel;
import io.userstore.query.projection.Rebuild;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Carries rebuilds out, on one thread of every instance. What is to be done follows from what is written down, and each step is
 * written down by whoever finds first that its condition holds; so any instance may go, and come back, at any time.
 */
final class Rebuilding implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuilding.class);
    /** Reads follow a switch within this time. */
    private static final long PAUSE_MILLIS = 250;

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration RENEW = Duration.ofSeconds(15);
    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(5);
    private static final Instant FORGOTTEN = Instant.MAX;

    private final Generations generations;
    private final Progress progress;
    private final EventLog log;
    private final Fills fills;
    private final GenerationComparison comparison;
    private final Leftovers leftovers;
    private final Watch watch;
    private final QueryMeters meters;
    private final Replays replays;
    private final FillProgress measured;
    private final RebuildSettings settings;
    private final String instance = UUID.randomUUID().toString();

    private final Map<Generation, Thread> working = new ConcurrentHashMap<>();
    /** By the topics of histories that are read no more: since when that is known here. */
    private final Map<String, Instant> historiesRead = new HashMap<>();

    private Instant lastSweep = Instant.EPOCH;
    private boolean away;
    private volatile boolean running;
    private Thread thread = new Thread(() -> {});

    Rebuilding(
            Generations generations,
            Progress progress,
            EventLog log,
            Fills fills,
            GenerationComparison comparison,
            Leftovers leftovers,
            Watch watch,
            QueryMeters meters,
            Replays replays,
            FillProgress measured,
            RebuildSettings settings) {
        this.generations = generations;
        this.progress = progress;
        this.log = log;
        this.fills = fills;
        this.comparison = comparison;
        this.leftovers = leftovers;
        this.watch = watch;
        this.meters = meters;
        this.replays = replays;
        this.measured = measured;
        this.settings = settings;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        thread = Thread.ofPlatform().name("query-rebuilds").daemon().start(this::run);
    }

    private void run() {
        while (running) {
            try {
                Thread.sleep(PAUSE_MILLIS);
                if (watch.isPrepared()) {
                    look();
                    away = false;
                }
            } catch (InterruptedException | InterruptException | MongoInterruptedException e) {
                LOG.debug("the rebuilds end", e);
                return;
            } catch (MongoException | KafkaException e) {
                if (!away) {
                    LOG.warn("rebuilds wait: {}", e.toString());
                }
                away = true;
            } catch (RuntimeException e) {
                LOG.error("rebuilds go on after", e);
            }
        }
    }

    private void look() {
        Generations.Known known = generations.refresh();
        fills.follow(generations);
        Instant now = Instant.now();
        for (ReadModel model : generations.models()) {
            ModelState state = known.of(model.name());
            Rebuild rebuild = state.underWay();
            if (rebuild != null) {
                goOn(model, state, rebuild, now);
            }
            tellWhatIsLeft(state);
            forgetHistory(state, now);
            Instant until = state.formerUntil();
            if (until != null && rebuild == null && until.isBefore(now)) {
                step(state, each -> each.withoutFormer(now));
            }
        }
        // While indexes are made, nothing is dropped: a server that makes readers wait for the one would wait for the
        // other.
        boolean indexing = known.states().values().stream()
                .map(ModelState::underWay)
                .anyMatch(each -> each != null && each.state() == Rebuild.State.INDEXING);
        if (!indexing && Duration.between(lastSweep, now).compareTo(BETWEEN_SWEEPS) > 0) {
            lastSweep = now;
            leftovers.drop(now, generation -> watch.isReady() && !log.isFedByOthers(generation));
        }
    }

    private void tellWhatIsLeft(ModelState state) {
        Rebuild rebuild = state.underWay();
        long left = rebuild == null || !rebuild.state().isFilled()
                ? 0
                : measured.of(state.generation(rebuild.generation())).left();
        meters.of(state.model()).rebuildLeft(left);
    }

    private void goOn(ReadModel model, ModelState state, Rebuild rebuild, Instant now) {
        switch (rebuild.state()) {
            case REPLAYING -> replay(state, rebuild);
            case FILLING -> fill(state, rebuild, now);
            case INDEXING -> {
                measure(state, rebuild);
                work(state, rebuild, now, next -> index(model, next));
            }
            case JOINING -> join(state, rebuild);
            case COMPARING -> work(state, rebuild, now, next -> compare(model, state.servingGeneration(), next));
            case SWITCHED, KEPT, ROLLED_BACK, CANCELLED -> {
                // Over.
            }
        }
    }

    /** The history goes before the log; once all of it is there, the log is read as far as it goes back. */
    private void replay(ModelState state, Rebuild rebuild) {
        Generation generation = state.generation(rebuild.generation());
        String topic = Objects.requireNonNull(rebuild.replay());
        Map<Integer, Long> filled = progress.all().getOrDefault(generation.fillKey(), Map.of());
        Set<Integer> partitions = log.spans().keySet();
        long done = partitions.stream()
                .mapToLong(partition -> filled.getOrDefault(partition, -FillIntake.BEFORE_THE_LOG - 1))
                .filter(last -> last < FillIntake.AT_THE_LOG)
                .map(last -> last + FillIntake.BEFORE_THE_LOG + 1)
                .sum();
        measured.at(generation, done, replays.records(topic, partitions.size()), 0);
        if (partitions.stream()
                .allMatch(partition -> filled.getOrDefault(partition, Long.MIN_VALUE) >= FillIntake.AT_THE_LOG)) {
            step(state, each -> each.replayed(rebuild));
        }
    }

    /**
     * Deletes the topic of a history that is read no more, once every instance has ended its consumer: one whose topic is gone asks
     * for it again without a pause.
     */
    private void forgetHistory(ModelState state, Instant now) {
        Rebuild last = state.rebuild();
        if (last == null || last.replay() == null || last.state() == Rebuild.State.REPLAYING) {
            return;
        }
        Instant since = historiesRead.computeIfAbsent(last.replay(), topic -> now);
        if (since.isBefore(now.minus(RebuildSettings.SWITCHED_EVERYWHERE))) {
            replays.forget(last.replay());
            historiesRead.put(last.replay(), FORGOTTEN);
        }
    }

    private void fill(ModelState state, Rebuild rebuild, Instant now) {
        Filled filled = measure(state, rebuild);
        if (!filled.isFilled()) {
            return;
        }
        boolean settled = state.former() == null
                || rebuild.startedAt().plus(RebuildSettings.SWITCHED_EVERYWHERE).isBefore(now);
        if (!rebuild.indexed()) {
            step(state, each -> each.indexing(rebuild));
        } else if (settled) {
            step(state, each -> each.filled(rebuild, filled.done(), filled.refused(), now));
        }
    }

    /** How far the log has been read for a generation. */
    private record Filled(boolean isFilled, long done, long refused) {}

    private Filled measure(ModelState state, Rebuild rebuild) {
        Generation generation = state.generation(rebuild.generation());
        // First the progress, then the log, or it might seem to be ahead.
        Map<String, Map<Integer, Long>> all = progress.all();
        FillView view = new FillView(log.spans());
        Map<Integer, Long> filled = all.getOrDefault(generation.fillKey(), Map.of());
        long done = view.done(filled);
        long refused = all.getOrDefault(generation.refusedKey(), Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        measured.at(generation, done, view.total(), refused);
        return new Filled(view.isFilled(filled), done, refused);
    }

    private void join(ModelState state, Rebuild rebuild) {
        Map<String, Map<Integer, Long>> all = progress.all();
        FillView view = new FillView(log.spans());
        String joined = state.generation(rebuild.generation()).key();
        String serving = state.servingGeneration().key();
        if (view.isJoined(all.getOrDefault(joined, Map.of()), all.getOrDefault(serving, Map.of()))) {
            step(state, each -> each.joined(rebuild));
        }
    }

    /** What takes long is done by one instance, apart from this thread; should it go, another begins anew. */
    private void work(ModelState state, Rebuild rebuild, Instant now, Consumer<Generation> task) {
        Generation next = state.generation(rebuild.generation());
        Instant until = rebuild.workerUntil();
        boolean mine = instance.equals(rebuild.worker());
        if (mine && working.containsKey(next)) {
            if (until == null || until.minus(RENEW).isBefore(now)) {
                step(state, each -> each.workedOnBy(rebuild, instance, now.plus(LEASE)));
            }
        } else if (mine || until == null || until.isBefore(now)) {
            if (step(state, each -> each.workedOnBy(rebuild, instance, now.plus(LEASE)))) {
                Thread thread = Thread.ofPlatform()
                        .name("query-rebuild-" + next.key())
                        .daemon()
                        .unstarted(() -> run(next, task));
                working.put(next, thread);
                thread.start();
            }
        }
    }

    private void run(Generation next, Consumer<Generation> task) {
        try {
            task.accept(next);
        } catch (MongoInterruptedException e) {
            LOG.debug("the work on {} ends", next.key(), e);
        } catch (MongoException e) {
            LOG.warn("the work on {} begins anew: {}", next.key(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("the work on {} begins anew after", next.key(), e);
        } finally {
            working.remove(next);
        }
    }

    private void index(ReadModel model, Generation next) {
        fills.createIndexes(model, next);
        generations.change(
                model.name(),
                state -> isIn(state, next, Rebuild.State.INDEXING)
                        ? state.indexed(Objects.requireNonNull(state.underWay()))
                        : null);
    }

    private static boolean isIn(ModelState state, Generation next, Rebuild.State where) {
        Rebuild rebuild = state.underWay();
        return rebuild != null && rebuild.state() == where && rebuild.generation() == next.number();
    }

    private void compare(ReadModel model, Generation former, Generation next) {
        try {
            Rebuild.Comparison found = comparison.compare(model, former, next, () -> running && isWorkedOnHere(next));
            if (found == null) {
                return;
            }
            ModelState after = generations.change(
                    model.name(),
                    state -> isIn(state, next, Rebuild.State.COMPARING)
                            ? state.compared(
                                    Objects.requireNonNull(state.underWay()),
                                    found,
                                    Instant.now(),
                                    settings.keepFormer())
                            : null);
            if (after != null) {
                LOG.info("projection {}: {}; {}", model.name(), found, RebuildRequests.describe(after));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isWorkedOnHere(Generation next) {
        Rebuild rebuild = generations.known().of(next.model()).underWay();
        return rebuild != null && rebuild.generation() == next.number() && instance.equals(rebuild.worker());
    }

    /** Writes down a step, unless somebody was faster. */
    private boolean step(ModelState from, UnaryOperator<ModelState> step) {
        ModelState after = generations.change(
                from.model(), state -> state.revision() == from.revision() ? step.apply(state) : null);
        if (after != null) {
            LOG.debug("projection {}: {}", after.model(), RebuildRequests.describe(after));
        }
        return after != null;
    }

    @Override
    public synchronized void stop() {
        running = false;
        thread.interrupt();
        working.values().forEach(Thread::interrupt);
        try {
            thread.join();
            for (Thread each : working.values()) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        fills.endAll();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server, and so stopped after it. */
    @Override
    public int getPhase() {
        return 0;
    }
}
