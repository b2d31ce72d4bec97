package io.userstore.command.audit;

import io.userstore.api.audit.Frontier;
import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.command.sign.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.transaction.support.TransactionOperations;

/** The heads of the tree that were signed. None is ever taken back. Thread-safe. */
public final class HeadLog {
    private static final String SELECT =
            "SELECT origin, tree_size, signed_at, root_hash, last_position, kid, signature FROM audit_head";
    private static final RowMapper<TreeHead> HEAD = (row, n) -> new TreeHead(
            row.getString("origin"),
            row.getLong("tree_size"),
            row.getObject("signed_at", OffsetDateTime.class).toInstant(),
            Hash.of(row.getBytes("root_hash")),
            row.getLong("last_position"),
            row.getString("kid"),
            row.getString("signature"));

    private final AuditLog log;
    private final JdbcTemplate jdbc;
    private final TransactionOperations transactions;
    private final Optional<SigningKey> key;
    private final String origin;
    private final InstantSource clock;

    HeadLog(
            AuditLog log,
            JdbcTemplate jdbc,
            TransactionOperations transactions,
            Optional<SigningKey> key,
            AuditSettings settings,
            InstantSource clock) {
        this.log = log;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.key = key;
        this.origin = settings.origin();
        this.clock = clock;
    }

    /** The key that signs; empty when none is set, and then there are no new heads. */
    public Optional<SigningKey> key() {
        return key;
    }

    /** Names the log in its heads. */
    public String origin() {
        return origin;
    }

    /**
     * Signs a head when the tree has grown since the last one.
     *
     * @param publish tells the world, and throws to have the head not signed; waited for by other instances
     */
    public void signIfGrown(Consumer<TreeHead> publish) {
        AuditLog.State state = log.state();
        Frontier tree = state.frontier();
        if (key.isEmpty() || !state.complete() || tree.size() == 0 || exists(tree.size())) {
            return;
        }
        TreeHead head = sign(key.get(), tree, state.lastPosition());
        transactions.executeWithoutResult(transaction -> {
            if (insert(head)) {
                publish.accept(head);
            }
        });
    }

    private boolean exists(long treeSize) {
        return !jdbc.query("SELECT 1 FROM audit_head WHERE tree_size >= ? LIMIT 1", (row, n) -> 1, treeSize)
                .isEmpty();
    }

    private TreeHead sign(SigningKey signer, Frontier tree, long lastPosition) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String text = TreeHead.text(origin, tree.size(), now, tree.root(), lastPosition);
        String signature = Base64.getEncoder().encodeToString(signer.sign(text.getBytes(StandardCharsets.UTF_8)));
        return new TreeHead(origin, tree.size(), now, tree.root(), lastPosition, signer.keyId(), signature);
    }

    private boolean insert(TreeHead head) {
        int inserted = jdbc.update(
                "INSERT INTO audit_head (tree_size, signed_at, origin, root_hash, last_position, kid, signature)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                head.treeSize(),
                head.timestamp().atOffset(ZoneOffset.UTC),
                head.origin(),
                head.rootHash().bytes(),
                head.lastPosition(),
                head.kid(),
                head.signature());
        return inserted == 1;
    }

    /** The last head that was signed. */
    public Optional<TreeHead> latest() {
        return before(Long.MAX_VALUE, 1).stream().findFirst();
    }

    /** Heads of smaller trees than that, the largest first, at most {@code limit}. */
    public List<TreeHead> before(long treeSize, int limit) {
        return jdbc.query(SELECT + " WHERE tree_size < ? ORDER BY tree_size DESC LIMIT ?", HEAD, treeSize, limit);
    }
}
