package io.userstore.command.idempotency;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Who carries out a request, decided by a row of PostgreSQL, by whose clock all times go. A request's events commit
 * together with the mark that it was carried out, and only while whoever does it still holds the claim: so it is carried
 * out at most once, whatever crashes or takes long. Thread-safe.
 */
public final class Claims {
    /** How long an answer is remembered. */
    public static final Duration MEMORY = Duration.ofHours(24);

    /** Rows per transaction of {@link #sweep()}. */
    static final int SWEEP = 1_000;

    private static final int ATTEMPTS = 3;

    private final JdbcTemplate jdbc;
    private final IdempotencySettings settings;
    private final ThreadLocal<@Nullable Claim> current = new ThreadLocal<>();

    public Claims(JdbcTemplate jdbc, IdempotencySettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** The right to carry out one request. */
    public record Claim(String id, UUID owner) {}

    /** What a request comes upon. */
    public sealed interface Outcome {
        /** It is to be carried out. */
        record Won(Claim claim) implements Outcome {}

        /** It was carried out, and this was the answer, sealed. */
        record Answered(byte[] sealed) implements Outcome {}

        /** Another one is being carried out right now, or its time to be taken over has not come. */
        record Running() implements Outcome {}

        /** It was carried out, and its answer got lost in a crash. */
        record Lost() implements Outcome {}

        /** The key was used for another request. */
        record Reused() implements Outcome {}
    }

    /** Claims a request, unless somebody else has it. */
    public Outcome claim(String id, String fingerprint) {
        Claim claim = new Claim(id, UUID.randomUUID());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (insert(claim, fingerprint)) {
                return new Outcome.Won(claim);
            }
            Optional<Outcome> found = find(id, fingerprint);
            if (found.isPresent()) {
                return found.get();
            }
            // Released between the two statements: try again.
        }
        return new Outcome.Running();
    }

    private boolean insert(Claim claim, String fingerprint) {
        String sql = """
                INSERT INTO idempotency (id, fingerprint, owner, lease_until, expires_at)
                VALUES (?, ?, ?, now() + ? * interval '1 second', now() + ? * interval '1 second')
                ON CONFLICT (id) DO UPDATE
                   SET fingerprint = excluded.fingerprint, owner = excluded.owner, lease_until = excluded.lease_until,
                       expires_at = excluded.expires_at, executed = false, answer = NULL
                 WHERE idempotency.expires_at <= now()
                    OR (idempotency.lease_until <= now() AND NOT idempotency.executed AND idempotency.answer IS NULL
                        AND idempotency.fingerprint = excluded.fingerprint)
                """;
        long lease = settings.lease().toSeconds();
        return jdbc.update(sql, claim.id(), fingerprint, claim.owner(), lease, MEMORY.toSeconds()) == 1;
    }

    private Optional<Outcome> find(String id, String fingerprint) {
        String sql =
                "SELECT fingerprint, executed, answer, lease_until <= now() AS lapsed FROM idempotency WHERE id = ?";
        List<Outcome> found = jdbc.query(
                sql,
                (row, number) -> {
                    byte[] answer = row.getBytes("answer");
                    if (!fingerprint.equals(row.getString("fingerprint"))) {
                        return new Outcome.Reused();
                    }
                    if (answer != null) {
                        return new Outcome.Answered(answer);
                    }
                    return row.getBoolean("executed") && row.getBoolean("lapsed")
                            ? new Outcome.Lost()
                            : new Outcome.Running();
                },
                id);
        return found.stream().findFirst();
    }

    /** Makes this thread's appends part of the request, until the scope is closed. */
    public Scope carryOut(Claim claim) {
        current.set(claim);
        return current::remove;
    }

    /** While it is open, the thread carries out a request. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether this thread carries out a request. */
    public boolean isCarryingOut() {
        return current.get() != null;
    }

    /**
     * Marks the request that this thread carries out as carried out; does nothing when there is none. To be called in the
     * transaction that appends its events.
     *
     * @throws ClaimLostException when somebody else has taken the request over; the transaction must not commit
     */
    public void confirm() {
        Claim claim = current.get();
        if (claim != null
                && jdbc.update(
                                "UPDATE idempotency SET executed = true WHERE id = ? AND owner = ?",
                                claim.id(),
                                claim.owner())
                        == 0) {
            throw new ClaimLostException();
        }
    }

    /** Remembers the answer of a request that is done. */
    public void remember(Claim claim, byte[] sealed) {
        jdbc.update("UPDATE idempotency SET answer = ? WHERE id = ? AND owner = ?", sealed, claim.id(), claim.owner());
    }

    /** Gives up a request that failed, so that it may be tried again; one that was carried out stays so. */
    public void release(Claim claim) {
        int deleted = jdbc.update(
                "DELETE FROM idempotency WHERE id = ? AND owner = ? AND NOT executed AND answer IS NULL",
                claim.id(),
                claim.owner());
        if (deleted == 0) {
            jdbc.update(
                    "UPDATE idempotency SET lease_until = now() WHERE id = ? AND owner = ?", claim.id(), claim.owner());
        }
    }

    /** Deletes what has expired, a batch at a time; instances do not wait for each other. */
    void sweep() {
        String sql = """
                DELETE FROM idempotency WHERE id IN (
                    SELECT id FROM idempotency WHERE expires_at <= now()
                     ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)
                """;
        int deleted;
        do {
            deleted = jdbc.update(sql, SWEEP);
        } while (deleted == SWEEP);
    }

    /** Somebody else has taken the request over. Has no stack trace: it is an answer. */
    public static final class ClaimLostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClaimLostException() {
            super("another request with this Idempotency-Key has taken over", null, false, false);
        }
    }
}
