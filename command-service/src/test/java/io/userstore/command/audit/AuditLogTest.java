package io.userstore.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.audit.Frontier;
import io.userstore.api.audit.Hash;
import io.userstore.api.audit.Verification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AuditLogTest {
    private final AuditLogs logs = AuditLogs.empty();

    private static AuditLog.Entry at(long position) {
        byte[] data = ("event at " + position).getBytes(StandardCharsets.UTF_8);
        return new AuditLog.Entry(position, UUID.nameUUIDFromBytes(data), Hash.ofLeaf(data));
    }

    private static List<AuditLog.Entry> at(long... positions) {
        return LongStream.of(positions).mapToObj(AuditLogTest::at).toList();
    }

    private void append(List<AuditLog.Entry> entries) {
        logs.transactions().executeWithoutResult(transaction -> logs.log().append(entries));
    }

    private List<Long> positions() {
        return logs.jdbc().query("SELECT position FROM audit_leaf ORDER BY leaf_index", (row, n) -> row.getLong(1));
    }

    private static Hash rootOf(List<Long> positions) {
        Frontier plain = Frontier.empty();
        positions.forEach(position -> plain.append(at(position).hash(), (subtree, hash) -> {}));
        return plain.root();
    }

    @Test
    void leavesStandInTheOrderOfPublicationWithoutTheGapsOfPositions() {
        append(at(3, 7));
        append(at(12, 5, 13));
        assertThat(positions()).containsExactly(3L, 7L, 12L, 5L, 13L);
        assertThat(logs.log().at(5).orElseThrow().index()).isEqualTo(3);
        assertThat(logs.log().of(at(12).eventId()).orElseThrow().position()).isEqualTo(12);
        assertThat(logs.log().at(4)).isEmpty();
        assertThat(logs.log().lastPosition()).isEqualTo(13);
    }

    /** As after a token that was reset, or a crash between Kafka's acknowledgement and the commit. */
    @Test
    void anEventThatIsPublishedAgainIsOneLeaf() {
        append(at(1, 2, 3));
        append(at(2, 3, 3, 4));
        append(at(1, 2, 3, 4));
        assertThat(positions()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(logs.log().state().frontier().root()).isEqualTo(rootOf(positions()));
    }

    @Test
    void whatIsRolledBackWithTheTokenLeavesNothing() {
        append(at(1, 2));
        logs.transactions().executeWithoutResult(transaction -> {
            logs.log().append(at(3, 4, 5));
            transaction.setRollbackOnly();
        });
        assertThat(logs.log().size()).isEqualTo(2);
        logs.again().log().append(at(3, 4));
        assertThat(positions()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(logs.log().proofs().root(4)).isEqualTo(rootOf(positions()));
    }

    @Test
    void twoInstancesThatAppendTheSameAtOnceMakeOneTree() throws Exception {
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService instances = Executors.newFixedThreadPool(2)) {
            for (int instance = 0; instance < 2; instance++) {
                AuditLogs own = logs.again();
                done.add(instances.submit(() -> {
                    for (long next = 1; next <= 400; next += 8) {
                        long from = next;
                        List<AuditLog.Entry> batch = LongStream.range(from, from + 8)
                                .mapToObj(AuditLogTest::at)
                                .toList();
                        own.transactions()
                                .executeWithoutResult(transaction -> own.log().append(batch));
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        }
        assertThat(positions()).hasSize(400).doesNotHaveDuplicates();
        assertThat(logs.log().size()).isEqualTo(400);
        assertThat(logs.log().proofs().root(400)).isEqualTo(rootOf(positions()));
    }

    @Test
    void aLargeTreeIsProvedFromFewRows() {
        List<Long> positions = LongStream.rangeClosed(1, 20_000).boxed().toList();
        for (int from = 0; from < positions.size(); from += 200) {
            append(positions.subList(from, from + 200).stream()
                    .map(AuditLogTest::at)
                    .toList());
        }
        Hash root = rootOf(positions);
        assertThat(logs.log().proofs().root(20_000)).isEqualTo(root);
        for (long index : new long[] {0, 1, 4_095, 4_096, 16_383, 16_384, 19_998, 19_999}) {
            AuditLog.Leaf leaf = logs.log().at(index + 1).orElseThrow();
            List<Hash> path = logs.log().proofs().inclusion(index, 20_000);
            assertThat(leaf.index()).isEqualTo(index);
            assertThat(Verification.isIncluded(leaf.hash(), index, 20_000, path, root))
                    .isTrue();
        }
        assertThat(Verification.isConsistent(
                        12_345,
                        rootOf(positions.subList(0, 12_345)),
                        20_000,
                        root,
                        logs.log().proofs().consistency(12_345, 20_000)))
                .isTrue();
        Integer nodes = logs.jdbc().queryForObject("SELECT count(*)::int FROM audit_node", Integer.class);
        assertThat(nodes).isLessThan(20_000 / 14);
    }
}
