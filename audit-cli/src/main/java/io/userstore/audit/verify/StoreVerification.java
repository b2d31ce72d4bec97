package io.userstore.audit.verify;

import io.userstore.api.audit.EventLeaf;
import io.userstore.api.audit.Frontier;
import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.api.event.EventCodec;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.json.Json;
import io.userstore.audit.source.EventStore;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.EventTopic.Range;
import io.userstore.audit.source.Leaf;
import io.userstore.audit.source.LogRecord;
import io.userstore.audit.source.StoredEvent;
import io.userstore.audit.source.UnreadableEventException;
import io.userstore.audit.verify.Difference.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Compares what is stored, what was published and the tree of it, and holds the tree against what was signed. Each record
 * is compared with its leaf and with its stored event, so that of the three the one that differs can be named; the tree is
 * then made again from all leaves. Memory: a bit per event, and two numbers per user of one partition. The store may be
 * in use meanwhile. Not thread-safe.
 */
public final class StoreVerification {
    /** An event that is older and not published, though later ones are, was passed over; see ADR 007. */
    private static final Duration ON_ITS_WAY = Duration.ofMinutes(2);
    /** A record is there a moment before its leaf, which commits with the publisher's batch. */
    private static final Duration LEAF_MAY_FOLLOW = Duration.ofSeconds(5);

    private static final int UNKNOWN_AT_MOST = 10_000;

    private final EventStore store;
    private final EventTopic events;
    private final EventTopic headTopic;
    private final List<PublicKey> keys;
    private final Differences differences;
    private final Ticks ticks;

    private final BitSet seen = new BitSet();
    private final Numbers numbers = new Numbers();
    private final Map<Long, LogRecord> unknown = new LinkedHashMap<>();
    private long records;
    private long repeated;
    private long waiting;

    /**
     * @param headTopic where heads are published
     * @param keys whose signatures count; none: signatures are not looked at
     */
    public StoreVerification(
            EventStore store,
            EventTopic events,
            EventTopic headTopic,
            List<PublicKey> keys,
            Differences differences,
            Ticks ticks) {
        this.store = store;
        this.events = events;
        this.headTopic = headTopic;
        this.keys = keys;
        this.differences = differences;
        this.ticks = ticks;
    }

    /** Looks at everything once; what happens meanwhile is left to the next time. */
    public Report run() throws SQLException, IOException {
        // In this order: each head's leaves are in the tree, and each leaf's record is in the log.
        List<TreeHead> heads = heads();
        EventStore.Tree tree = store.tree();
        List<Range> ranges = events.ranges();
        numbersInTheStore();
        log(ranges);
        SignedHeads signed = new SignedHeads(heads, keys, differences);
        tree(tree, signed, ranges);
        unknownRecords();
        passedOver(tree);
        return new Report(records, repeated, tree.size(), signed.count(), signed.covered(), waiting);
    }

    private List<TreeHead> heads() throws SQLException, IOException {
        // Heads are published before they are stored, so those stored now are on the topic.
        List<TreeHead> inStore = store.heads();
        Map<Long, TreeHead> published = publishedHeads();
        Map<Long, TreeHead> all = new TreeMap<>(published);
        for (TreeHead stored : inStore) {
            TreeHead other = published.get(stored.treeSize());
            if (other == null) {
                differences.add(Difference.of(
                        Kind.HEAD_CHANGED,
                        "the head of %d leaves is stored, but not on the topic of heads".formatted(stored.treeSize())));
            } else if (!other.equals(stored)) {
                differences.add(Difference.of(
                        Kind.HEAD_CHANGED,
                        "the stored head of %d leaves is another than the one that was published"
                                .formatted(stored.treeSize())));
            }
            all.putIfAbsent(stored.treeSize(), stored);
        }
        return List.copyOf(all.values());
    }

    private Map<Long, TreeHead> publishedHeads() throws SQLException, IOException {
        Map<Long, TreeHead> published = new HashMap<>();
        headTopic.read(headTopic.ranges(), batch -> {
            for (LogRecord record : batch) {
                try {
                    TreeHead head = Json.MAPPER.readValue(record.raw().value(), TreeHead.class);
                    // What was published and then not stored may be signed again, at another time.
                    published.put(head.treeSize(), head);
                } catch (JacksonException | IllegalArgumentException e) {
                    differences.add(Difference.of(
                            Kind.HEAD_CHANGED,
                            "the record at offset " + record.offset() + " of the topic of heads is no head"));
                }
            }
        });
        return published;
    }

    private void numbersInTheStore() throws SQLException {
        ticks.at("counting", 0, 0);
        store.gaps(gap -> differences.add(new Difference(
                Kind.STORED_NUMBERS,
                "%s: of the numbers 1 to %d there are %d in the store, the first is %d"
                        .formatted(gap.aggregateId(), gap.last(), gap.count(), gap.first()),
                null,
                null,
                gap.userId(),
                null,
                null)));
        store.outOfOrder(event -> differences.add(Difference.of(
                Kind.STORED_NUMBERS, "number " + event.number() + " stands before the number before it", event)));
        store.sameIds(event -> differences.add(
                Difference.of(Kind.STORED_NUMBERS, "another event in the store has the same id", event)));
    }

    private void log(List<Range> ranges) throws SQLException, IOException {
        long total = ranges.stream().mapToLong(Range::size).sum();
        for (Range range : ranges) {
            events.read(range, batch -> {
                compare(batch);
                ticks.at("comparing", records, total);
            });
        }
    }

    private void compare(List<LogRecord> batch) throws SQLException {
        Map<LogRecord, RecordFacts> facts = new LinkedHashMap<>();
        for (LogRecord record : batch) {
            records++;
            RecordFacts.of(record)
                    .ifPresentOrElse(
                            one -> facts.put(record, one),
                            () -> differences.add(
                                    Difference.of(Kind.RECORD_CHANGED, "the record is no event", record, null)));
        }
        Set<Long> positions = facts.values().stream().map(RecordFacts::position).collect(Collectors.toSet());
        Map<Long, Leaf> leaves = store.leavesAt(positions);
        Map<Long, StoredEvent> stored = store.at(positions);
        facts.forEach((record, one) -> {
            Leaf leaf = leaves.get(one.position());
            if (leaf != null && !isIndex(leaf.index())) {
                add(Kind.LEAF_CHANGED, "the leaf stands where no tree has leaves: " + leaf.index(), record, leaf);
                return;
            }
            if (leaf == null) {
                if (unknown.size() < UNKNOWN_AT_MOST) {
                    unknown.put(one.position(), record);
                } else {
                    differences.count(Kind.RECORD_UNKNOWN);
                }
                return;
            }
            boolean isRepeated = seen.get(index(leaf));
            seen.set(index(leaf));
            repeated += isRepeated ? 1 : 0;
            numbers.take(one, record.partition(), isRepeated)
                    .ifPresent(what -> differences.add(Difference.of(Kind.RECORD_ORDER, what, record, one.position())));
            compare(record, leaf, stored.get(one.position()));
        });
    }

    /** Of three that should be one, names the one that differs from the other two. */
    private void compare(LogRecord record, Leaf leaf, @Nullable StoredEvent stored) {
        Optional<Hash> ofRecord = record.leaf();
        boolean isRecordAsSigned = ofRecord.isPresent() && ofRecord.get().equals(leaf.hash());
        if (stored == null) {
            add(Kind.STORED_MISSING, "the event was published, and is not in the store any more", record, leaf);
            if (!isRecordAsSigned) {
                add(Kind.RECORD_CHANGED, "the record is not the one whose leaf is in the tree", record, leaf);
            }
            return;
        }
        PublishedEvent event;
        try {
            event = stored.published();
        } catch (UnreadableEventException e) {
            add(Kind.STORED_CHANGED, "the stored event cannot be read: " + e.getMessage(), record, leaf);
            return;
        }
        boolean isStoredAsSigned = hash(event).equals(leaf.hash());
        List<String> unlike = Unlike.fields(record, event);
        if (isStoredAsSigned && !unlike.isEmpty()) {
            add(Kind.RECORD_CHANGED, "the record differs from what was published in " + join(unlike), record, leaf);
        } else if (isRecordAsSigned && !isStoredAsSigned) {
            add(
                    Kind.STORED_CHANGED,
                    "the stored event differs from what was published in " + join(unlike),
                    record,
                    leaf);
        } else if (!isRecordAsSigned && unlike.isEmpty()) {
            add(Kind.LEAF_CHANGED, "store and log agree, and the leaf in the tree is another", record, leaf);
        } else if (!isRecordAsSigned) {
            add(
                    Kind.STORED_CHANGED,
                    "stored event, record and leaf are all different; the first two in " + join(unlike),
                    record,
                    leaf);
        } else if (!leaf.eventId().equals(event.id())) {
            add(Kind.LEAF_CHANGED, "the leaf names another event, " + leaf.eventId(), record, leaf);
        }
    }

    private void add(Kind kind, String what, LogRecord record, Leaf leaf) {
        differences.add(Difference.of(kind, what, record, leaf.position()));
    }

    private static String join(List<String> names) {
        return String.join(", ", names);
    }

    private static Hash hash(PublishedEvent event) {
        Map<String, byte[]> headers = EventCodec.headers(event);
        return EventLeaf.hash(headers::get, EventCodec.value(event))
                .orElseThrow(() -> new IllegalStateException("an event has all that a leaf needs"));
    }

    private static boolean isIndex(long index) {
        return index >= 0 && index < Integer.MAX_VALUE;
    }

    /** Trees of more leaves than there are numbers of this kind are not verified, but refused. */
    private static int index(Leaf leaf) {
        return Math.toIntExact(leaf.index());
    }

    private void tree(EventStore.Tree tree, SignedHeads signed, List<Range> ranges) throws SQLException {
        Frontier edge = Frontier.empty();
        List<Leaf> unseen = new ArrayList<>();
        long[] due = {0};
        store.leaves(tree.size(), leaf -> {
            if (!isIndex(leaf.index())) {
                return;
            }
            for (; due[0] < leaf.index(); due[0]++) {
                differences.add(Difference.of(Kind.LEAF_MISSING, "leaf " + due[0] + " is missing from the tree"));
            }
            due[0]++;
            if (!seen.get(index(leaf))) {
                if (differences.hasRoom()) {
                    unseen.add(leaf);
                } else {
                    differences.count(Kind.RECORD_MISSING);
                }
            }
            edge.append(leaf.hash(), (subtree, hash) -> {});
            if (signed.has(edge.size())) {
                signed.grown(edge.size(), edge.root());
            }
            ticks.at("hashing", edge.size(), tree.size());
        });
        for (; due[0] < tree.size(); due[0]++) {
            differences.add(Difference.of(Kind.LEAF_MISSING, "leaf " + due[0] + " is missing from the tree"));
        }
        signed.end(edge.size());
        missing(unseen, ranges);
    }

    private void missing(List<Leaf> unseen, List<Range> ranges) throws SQLException {
        Map<Long, StoredEvent> stored =
                store.at(unseen.stream().map(Leaf::position).toList());
        for (Leaf leaf : unseen) {
            StoredEvent event = stored.get(leaf.position());
            if (event == null) {
                differences.add(
                        Difference.of(Kind.STORED_MISSING, "the event is not in the store any more", leaf, null));
            }
            differences.add(missing(leaf, event == null ? null : event.userId(), ranges));
        }
    }

    private static Difference missing(Leaf leaf, @Nullable String userId, List<Range> ranges) {
        String what = "the event was published, and is not in the log any more";
        if (userId == null || ranges.isEmpty()) {
            return Difference.of(Kind.RECORD_MISSING, what, leaf, userId);
        }
        int partition = Utils.toPositive(Utils.murmur2(userId.getBytes(StandardCharsets.UTF_8))) % ranges.size();
        Range range = ranges.get(partition);
        return new Difference(
                Kind.RECORD_MISSING,
                "%s; partition %d holds the offsets %d to %d"
                        .formatted(what, partition, range.begin(), range.end() - 1),
                leaf.eventId(),
                leaf.position(),
                userId,
                partition,
                null);
    }

    /** Records without a leaf when they were read: their leaf may have followed, else nobody has published them. */
    private void unknownRecords() throws SQLException {
        Instant deadline = Instant.now().plus(LEAF_MAY_FOLLOW);
        while (!unknown.isEmpty()) {
            Map<Long, Leaf> leaves = store.leavesAt(List.copyOf(unknown.keySet()));
            Map<Long, StoredEvent> stored = store.at(leaves.keySet());
            leaves.forEach((position, leaf) -> {
                LogRecord record = unknown.remove(position);
                if (record != null) {
                    compare(record, leaf, stored.get(position));
                }
            });
            if (Instant.now().isAfter(deadline)) {
                break;
            }
            pause();
        }
        unknown.forEach((position, record) -> differences.add(
                Difference.of(Kind.RECORD_UNKNOWN, "the record is no leaf of the tree", record, position)));
    }

    private static void pause() {
        try {
            Thread.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void passedOver(EventStore.Tree tree) throws SQLException {
        String before = Json.format(Instant.now().minus(ON_ITS_WAY));
        store.withoutLeaf(
                tree.lastPosition(),
                before,
                event -> differences.add(
                        Difference.of(Kind.NOT_PUBLISHED, "the event was not published, and later ones were", event)));
        waiting = store.behind(tree.lastPosition());
    }
}
