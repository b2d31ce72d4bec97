package io.userstore.client;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a write is to be made and answered.
 *
 * @param respondAsync answer as soon as it is committed, without waiting until reads show it
 * @param patience how long to wait for that at most, in whole seconds; null for the server's bound
 * @param ifMatch the version that the user must have; else {@link UserStoreException.StaleVersion}
 * @param idempotencyKey repeats with the same key and body get the first answer again, for 24 h
 * @param requestId to be found again in logs and events; null for one that the server makes
 * @param receipt told of the answer's headers before the call returns; null for nobody
 */
public record WriteOptions(
        boolean respondAsync,
        @Nullable Duration patience,
        @Nullable Long ifMatch,
        @Nullable String idempotencyKey,
        @Nullable String requestId,
        @Nullable Consumer<Receipt> receipt) {
    /** What the server does by itself. */
    public static final WriteOptions DEFAULT = new WriteOptions(false, null, null, null, null, null);

    public WriteOptions async() {
        return new WriteOptions(true, patience, ifMatch, idempotencyKey, requestId, receipt);
    }

    public WriteOptions waitingAtMost(Duration bound) {
        return new WriteOptions(respondAsync, bound, ifMatch, idempotencyKey, requestId, receipt);
    }

    public WriteOptions onlyIfVersion(long version) {
        return new WriteOptions(respondAsync, patience, version, idempotencyKey, requestId, receipt);
    }

    public WriteOptions idempotent(String key) {
        return new WriteOptions(respondAsync, patience, ifMatch, key, requestId, receipt);
    }

    public WriteOptions withRequestId(String id) {
        return new WriteOptions(respondAsync, patience, ifMatch, idempotencyKey, id, receipt);
    }

    public WriteOptions tellingReceipt(Consumer<Receipt> listener) {
        return new WriteOptions(respondAsync, patience, ifMatch, idempotencyKey, requestId, listener);
    }
}
