package io.userstore.query.projection;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which generations one version of a read model has, and what becomes of them. What is decided here is pure; to be true it has to
 * be written down over the state that it was made from.
 *
 * @param model the read model's name
 * @param version of its documents' form
 * @param revision how often this was written down, 0 before the first time
 * @param serving the number of the generation that is read
 * @param newest the greatest number that was given
 * @param former the number of the generation that was read before and is still fed, null when none is
 * @param formerUntil until when, null with {@code former}
 * @param changedAt when a generation last began or ceased to be fed or read
 * @param rebuild the last one, null when there never was one
 */
public record ModelState(
        String model,
        int version,
        long revision,
        int serving,
        int newest,
        @Nullable Integer former,
        @Nullable Instant formerUntil,
        Instant changedAt,
        @Nullable Rebuild rebuild) {

    /** How it is as long as nobody has written anything down. */
    static ModelState first(ReadModel model) {
        return new ModelState(model.name(), model.version(), 0, 1, 1, null, null, Instant.EPOCH, null);
    }

    /** What all that is kept of it is named by. */
    public String key() {
        return generation(1).key();
    }

    public Generation generation(int number) {
        return new Generation(model, version, number);
    }

    public Generation servingGeneration() {
        return generation(serving);
    }

    /** The rebuild that is under way, null when none is. */
    public @Nullable Rebuild underWay() {
        return rebuild != null && rebuild.isUnderWay() ? rebuild : null;
    }

    /** The generations that the intake feeds. */
    public Set<Integer> fed() {
        Set<Integer> fed = new TreeSet<>();
        fed.add(serving);
        if (former != null) {
            fed.add(former);
        }
        Rebuild running = underWay();
        if (running != null && !running.state().isFilled()) {
            fed.add(running.generation());
        }
        return fed;
    }

    /** The generations whose documents are needed. */
    public Set<Integer> used() {
        Set<Integer> used = fed();
        Rebuild running = underWay();
        if (running != null) {
            used.add(running.generation());
        }
        return used;
    }

    /**
     * A rebuild begins. The former generation stays until the new one is filled.
     *
     * @param replay the topic on which the history will be published for it, null when the log is whole
     */
    public ModelState begun(Rebuild.Condition condition, @Nullable String replay, Instant now) {
        int next = newest + 1;
        Rebuild.State state = replay == null ? Rebuild.State.FILLING : Rebuild.State.REPLAYING;
        Rebuild begun = new Rebuild(
                next, serving, state, condition, replay, now, false, null, 0, 0, null, null, null, null, null);
        return new ModelState(model, version, revision + 1, serving, next, former, formerUntil, now, begun);
    }

    /** The history has been read, and the log goes on from there. */
    public ModelState replayed(Rebuild running) {
        return with(running.in(Rebuild.State.FILLING));
    }

    /** Nearly all of the log has been read: now the indexes are made. */
    public ModelState indexing(Rebuild running) {
        return with(running.in(Rebuild.State.INDEXING));
    }

    public ModelState indexed(Rebuild running) {
        return with(running.withIndexes());
    }

    /** The log has been read to its end; from now on the intake feeds the new generation, and no former one any more. */
    public ModelState filled(Rebuild running, long events, long refused, Instant now) {
        return new ModelState(
                model, version, revision + 1, serving, newest, null, null, now, running.filled(events, refused, now));
    }

    /** The intake has taken on all partitions. */
    public ModelState joined(Rebuild running) {
        return with(running.in(Rebuild.State.COMPARING));
    }

    /** An instance makes indexes or compares, and says so until then. */
    public ModelState workedOnBy(Rebuild running, String instance, Instant until) {
        return with(running.workedOnBy(instance, until));
    }

    /** The comparison is over: the new generation is read from now on, unless the rebuild's condition stands against it. */
    public ModelState compared(Rebuild running, Rebuild.Comparison found, Instant now, Duration keepFormer) {
        String objection = found.objection(running.condition());
        return objection == null
                ? new ModelState(
                        model,
                        version,
                        revision + 1,
                        running.generation(),
                        newest,
                        serving,
                        now.plus(keepFormer),
                        now,
                        running.ended(Rebuild.State.SWITCHED, found, null, now))
                : new ModelState(
                        model,
                        version,
                        revision + 1,
                        serving,
                        newest,
                        former,
                        formerUntil,
                        now,
                        running.ended(Rebuild.State.KEPT, found, objection, now));
    }

    /** Somebody has ended the rebuild; what it has filled is dropped. */
    public ModelState cancelled(Rebuild running, Instant now) {
        return new ModelState(
                model,
                version,
                revision + 1,
                serving,
                newest,
                former,
                formerUntil,
                now,
                running.ended(Rebuild.State.CANCELLED, null, null, now));
    }

    /** The former generation is read again, and the present one is the former. To be called with a former one only. */
    public ModelState rolledBack(int to, Instant now, Duration keepFormer) {
        Rebuild last = rebuild;
        if (last != null && !last.isUnderWay()) {
            boolean back = last.generation() == serving;
            last = last.ended(
                    back ? Rebuild.State.ROLLED_BACK : Rebuild.State.SWITCHED, last.comparison(), last.reason(), now);
        }
        return new ModelState(model, version, revision + 1, to, newest, serving, now.plus(keepFormer), now, last);
    }

    /** The former generation is needed no longer than until then. */
    public ModelState keepingFormerUntil(Instant until) {
        return new ModelState(model, version, revision + 1, serving, newest, former, until, changedAt, rebuild);
    }

    /** The former generation is needed no more. */
    public ModelState withoutFormer(Instant now) {
        return new ModelState(model, version, revision + 1, serving, newest, null, null, now, rebuild);
    }

    private ModelState with(Rebuild next) {
        return new ModelState(model, version, revision + 1, serving, newest, former, formerUntil, changedAt, next);
    }
}
