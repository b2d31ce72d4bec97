package io.userstore.api.key;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The grants that a service knows, in memory: what each request is checked against, whatever server is away. Filled by
 * one thread, read by any.
 */
public final class KeyTable {

    /** A key's id and what it grants. */
    public record Entry(String keyId, KeyGrant grant) {}

    private final Map<String, KeyGrant> byId = new ConcurrentHashMap<>();
    private final Map<String, Entry> byDigest = new ConcurrentHashMap<>();
    private volatile boolean complete;

    /** The grant of the key with that digest, unless it has expired at {@code now}. */
    public Optional<Entry> find(String digest, Instant now) {
        return Optional.ofNullable(byDigest.get(digest))
                .filter(entry -> entry.grant().isValidAt(now));
    }

    /** Whether everything that was known when the service started is here; before that, a missing key may be valid. */
    public boolean isComplete() {
        return complete;
    }

    /** From now on, what is not here is not valid. */
    public void complete() {
        complete = true;
    }

    /** Makes the table hold exactly these, by key id, and with that complete. Keys that are in both never go missing. */
    public synchronized void replace(Map<String, KeyGrant> grants) {
        grants.forEach(this::put);
        List.copyOf(byId.keySet()).stream()
                .filter(id -> !grants.containsKey(id))
                .forEach(this::remove);
        complete = true;
    }

    /** Grants what the key of that id grants from now on. */
    public synchronized void put(String keyId, KeyGrant grant) {
        remove(byId.put(keyId, grant), grant.digest());
        byDigest.put(grant.digest(), new Entry(keyId, grant));
    }

    /** Takes the key of that id away. */
    public synchronized void remove(String keyId) {
        remove(byId.remove(keyId), "");
    }

    private void remove(@Nullable KeyGrant old, String digestNow) {
        if (old != null && !old.digest().equals(digestNow)) {
            byDigest.remove(old.digest());
        }
    }
}
