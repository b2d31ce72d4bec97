package io.userstore.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a read is to be answered.
 *
 * @param consistencyToken of a write, which the read then waits for; null for the client's own memory, if it has one
 * @param patience how long it waits at most, in whole seconds up to 30; null for the server's 2 s
 * @param requestId to be found again in logs and events; null for one that the server makes
 */
public record ReadOptions(
        @Nullable String consistencyToken,
        @Nullable Duration patience,
        @Nullable String requestId) {
    /** What the server does by itself. */
    public static final ReadOptions DEFAULT = new ReadOptions(null, null, null);

    /** Waits for the write of that token. */
    public static ReadOptions after(String consistencyToken) {
        return new ReadOptions(consistencyToken, null, null);
    }
}
