package io.userstore.query.projection;

import com.mongodb.MongoException;
import java.util.function.BooleanSupplier;

/** Starts a guarded write over while other writers are faster. */
public final class Attempts {
    private static final int MOST = 50;

    private Attempts() {}

    /**
     * Repeats until the attempt says that it took.
     *
     * @throws MongoException after 50 attempts: then nobody was faster, but the server does not do what it says
     */
    public static void untilTaken(BooleanSupplier attempt) {
        for (int i = 0; i < MOST; i++) {
            if (attempt.getAsBoolean()) {
                return;
            }
        }
        throw new MongoException("guarded writes did not take in " + MOST + " attempts");
    }
}
