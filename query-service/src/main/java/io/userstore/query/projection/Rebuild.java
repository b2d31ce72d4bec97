package io.userstore.query.projection;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The last rebuild of a read model, under way or over.
 *
 * @param generation the number of the generation that it fills
 * @param from the number of the generation that was read when it began
 * @param replay the topic on which the history is published once more for it, null when the log is whole
 * @param startedAt when it was asked for
 * @param indexed whether the indexes are made
 * @param filledAt when the log had been read to its end, null before
 * @param events of the log that had been read by then, 0 before
 * @param refused events that could not be taken by then
 * @param endedAt when it was over, null before
 * @param comparison what it came to, null before
 * @param reason why it was not switched to, null when it was, or nothing is decided
 * @param worker the instance that makes indexes or compares, null when none does
 * @param workerUntil until when nobody else takes over, null when none works
 */
public record Rebuild(
        int generation,
        int from,
        State state,
        Condition condition,
        @Nullable String replay,
        Instant startedAt,
        boolean indexed,
        @Nullable Instant filledAt,
        long events,
        long refused,
        @Nullable Instant endedAt,
        @Nullable Comparison comparison,
        @Nullable String reason,
        @Nullable String worker,
        @Nullable Instant workerUntil) {

    /** Where it stands. */
    public enum State {
        /** The history is read as the command side publishes it once more, since the log has lost its beginning. */
        REPLAYING,
        /** The log is read from its beginning. */
        FILLING,
        /** The indexes that reads need are made, all at once and not with each document; filling goes on meanwhile. */
        INDEXING,
        /** The intake takes it on, partition by partition: from then on it is fed like the one that is read. */
        JOINING,
        /** Its documents are compared with those that are read. */
        COMPARING,
        /** It is read. */
        SWITCHED,
        /** It was compared, and is not read because of what was found. */
        KEPT,
        /** It was read, and the one before is read again. */
        ROLLED_BACK,
        /** Somebody has ended it. */
        CANCELLED;

        /** Whether something is still to be done. */
        public boolean isUnderWay() {
            return isFilled() || this == JOINING || this == COMPARING;
        }

        /** Whether it is still filled apart from the intake. */
        public boolean isFilled() {
            return this == REPLAYING || this == FILLING || this == INDEXING;
        }

        /** As the API tells it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** When a rebuild that has been compared is switched to. */
    public enum Condition {
        /** Whatever was found, unless documents are missing that the present generation has: the log then is not whole. */
        COMPLETE,
        /** Only if nothing differs. */
        EQUAL,
        /** In any case. */
        ALWAYS;

        /** As the API tells it: {@code when-complete}, {@code when-equal}, {@code always}. */
        public String text() {
            return this == ALWAYS ? "always" : "when-" + name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a comparison of two generations came to.
     *
     * @param documents how many the new one has
     * @param equal how many are the same in both
     * @param missing those that only the former has
     * @param added those that only the new one has
     * @param changed those that differ
     * @param moving those that changed all the time while they were looked at
     * @param examples some of those that differ: a collection and an id, never what stands in them
     */
    public record Comparison(
            long documents, long equal, long missing, long added, long changed, long moving, List<String> examples) {
        public Comparison {
            examples = List.copyOf(examples);
        }

        public long differences() {
            return missing + added + changed;
        }

        /** Why not to switch, null when nothing stands against it. */
        @Nullable
        String objection(Condition condition) {
            return switch (condition) {
                case COMPLETE ->
                    missing == 0
                            ? null
                            : missing + " documents are missing that the present ones have: the log does not hold"
                                    + " everything, or they should not be there. Look at the examples; switch=always"
                                    + " takes the new ones nevertheless";
                case EQUAL -> differences() == 0 ? null : differences() + " documents differ";
                case ALWAYS -> null;
            };
        }
    }

    boolean isUnderWay() {
        return state.isUnderWay();
    }

    Rebuild in(State next) {
        return new Rebuild(
                generation,
                from,
                next,
                condition,
                replay,
                startedAt,
                indexed,
                filledAt,
                events,
                refused,
                endedAt,
                comparison,
                reason,
                worker,
                workerUntil);
    }

    /** The indexes are made; what has come since is still to be filled in. */
    Rebuild withIndexes() {
        return new Rebuild(
                generation,
                from,
                State.FILLING,
                condition,
                replay,
                startedAt,
                true,
                null,
                0,
                0,
                null,
                null,
                null,
                null,
                null);
    }

    Rebuild filled(long read, long notTaken, Instant now) {
        return new Rebuild(
                generation,
                from,
                State.JOINING,
                condition,
                replay,
                startedAt,
                indexed,
                now,
                read,
                notTaken,
                null,
                null,
                null,
                null,
                null);
    }

    Rebuild workedOnBy(String instance, Instant until) {
        return new Rebuild(
                generation,
                from,
                state,
                condition,
                replay,
                startedAt,
                indexed,
                filledAt,
                events,
                refused,
                endedAt,
                comparison,
                reason,
                instance,
                until);
    }

    Rebuild ended(State last, @Nullable Comparison found, @Nullable String why, Instant now) {
        return new Rebuild(
                generation,
                from,
                last,
                condition,
                replay,
                startedAt,
                indexed,
                filledAt,
                events,
                refused,
                now,
                found,
                why,
                null,
                null);
    }
}
