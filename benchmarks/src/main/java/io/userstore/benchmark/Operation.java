package io.userstore.benchmark;

import java.io.IOException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What one worker does again and again. Used by one thread. */
@FunctionalInterface
interface Operation {

    /** The next request, or null when there is nothing left to do. */
    byte @Nullable [] next(RandomGenerator random);

    /** Takes in the answer to the last request, when it had the status that was expected. */
    default void answered(Answer answer) throws IOException {}
}
