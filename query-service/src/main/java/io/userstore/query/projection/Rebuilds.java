package io.userstore.query.projection;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked of rebuilds. Implementations are thread-safe. */
public interface Rebuilds {

    /**
     * How it stands with the generations of a read model.
     *
     * @param done events of the log that the last rebuild has read, or had read at its end
     * @param total events that were in the log when last looked at, or at its end
     * @param rate events per second: lately, or after its end from its beginning to the end of the log; 0 when not known yet
     * @param etaSeconds until the log is read; null when that cannot be told or is past
     * @param refused events that could not be taken, since others before them were not there
     */
    record Status(
            ModelState state,
            long done,
            long total,
            double rate,
            @Nullable Long etaSeconds,
            long refused) {}

    /** Why something cannot be done. */
    enum Reason {
        UNKNOWN_MODEL,
        UNDER_WAY,
        SERVER_AWAY,
        NOTHING_FORMER,
        NOTHING_TO_END
    }

    /** What became of a wish. */
    sealed interface Outcome {
        record Accepted(Status status) implements Outcome {}

        /** @param detail for people; nothing personal */
        record Refused(Reason reason, String detail) implements Outcome {}
    }

    /** Empty when there is no such read model. */
    Optional<Status> of(String model);

    /**
     * Begins to fill the next generation, which is read once it is filled and compared, and the condition is met.
     *
     * @param fromStore whether to have the history published once more, as is done in any case when the log has lost its beginning
     * @throws com.mongodb.MongoException when the server is away
     */
    Outcome begin(String model, Rebuild.Condition condition, boolean fromStore);

    /**
     * Has the former generation read again, as long as it is there.
     *
     * @throws com.mongodb.MongoException when the server is away
     */
    Outcome rollBack(String model);

    /**
     * Ends the rebuild that is under way; when none is, gives up the former generation.
     *
     * @throws com.mongodb.MongoException when the server is away
     */
    Outcome end(String model);
}
