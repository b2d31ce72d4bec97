package io.userstore.query.projection;

import java.util.List;
import java.util.Optional;

/** How far the projections are behind the log. Implementations are thread-safe and answer from memory. */
@FunctionalInterface
public interface Standings {

    /** What a projection is doing. */
    enum State {
        /** On its way to the end that the log had at start. */
        CATCHING_UP,
        /** It has been there; from then on only the lag counts. */
        CAUGHT_UP,
        /** It has events that the log has not: the log is not the one that it was made from. */
        AHEAD
    }

    /**
     * One projection, as it was when last looked at.
     *
     * @param version of its documents, from 1
     * @param applied events of the log that it has taken in
     * @param lagEvents events of the log that it has not
     * @param lagSeconds age of the last event taken in while others wait, else 0
     */
    record Standing(String name, int version, long applied, long lagEvents, double lagSeconds, State state) {}

    /** All projections, by name; empty while one of the servers does not answer, since nothing is known then. */
    Optional<List<Standing>> now();
}
