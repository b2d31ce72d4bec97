package io.userstore.audit.verify;

import io.userstore.api.audit.Frontier;
import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.audit.source.LogRecord;
import io.userstore.audit.verify.Difference.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an export with nothing but the file and the public key: each record is the leaf that the file says it is, all
 * leaves are there, and they make the tree that was signed. Memory: 32 bytes per event. Not thread-safe.
 */
public final class FileVerification {
    private static final int HASHES_PER_CHUNK = 65_536;

    private final List<PublicKey> keys;
    private final Differences differences;
    private final Ticks ticks;

    private final List<TreeHead> heads = new ArrayList<>();
    private final List<byte[]> hashes = new ArrayList<>();
    private final BitSet seen = new BitSet();
    private final Numbers numbers = new Numbers();
    private long records;
    private long repeated;
    private long lineNumber;
    private boolean isWhole;

    /** @param keys whose signatures count */
    public FileVerification(List<PublicKey> keys, Differences differences, Ticks ticks) {
        this.keys = keys;
        this.differences = differences;
        this.ticks = ticks;
    }

    /** The file is no export. */
    public static final class NotAnExportException extends IOException {
        private static final long serialVersionUID = 1L;

        NotAnExportException() {
            super("its first line is not that of an export of userstore-audit");
        }
    }

    public Report run(BufferedReader lines) throws IOException {
        String first = lines.readLine();
        ExportFormat.Begin begin =
                Optional.ofNullable(first).flatMap(ExportFormat::readBegin).orElseThrow(NotAnExportException::new);
        lineNumber = 1;
        isWhole = begin.from() == null && begin.to() == null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            lineNumber++;
            Optional<ExportFormat.Line> read = ExportFormat.read(line, begin.topic());
            if (read.isEmpty()) {
                differences.add(Difference.of(Kind.RECORD_CHANGED, "line " + lineNumber + " is not one of an export"));
            } else {
                take(read.get());
            }
            ticks.at("reading", seen.cardinality(), begin.treeSize());
        }
        SignedHeads signed = new SignedHeads(heads, keys, differences);
        tree(begin.treeSize(), signed);
        return new Report(records, repeated, begin.treeSize(), signed.count(), signed.covered(), 0);
    }

    private void take(ExportFormat.Line line) {
        switch (line) {
            case ExportFormat.Line.Head(var head) -> heads.add(head);
            case ExportFormat.Line.Leaf leaf -> take(leaf);
        }
    }

    private void take(ExportFormat.Line.Leaf line) {
        LogRecord record = line.record();
        if (record != null) {
            records++;
        }
        Hash hash = line.hash();
        if (hash == null || line.index() < 0 || line.index() >= Integer.MAX_VALUE) {
            add(Kind.RECORD_UNKNOWN, "the record is no leaf of the tree", line, null);
            return;
        }
        int index = (int) line.index();
        boolean isRepeated = seen.get(index);
        repeated += isRepeated ? 1 : 0;
        Hash computed = record == null ? hash : record.leaf().orElse(Hash.ofNothing());
        Optional<RecordFacts> facts = record == null ? Optional.empty() : RecordFacts.of(record);
        if (!computed.equals(hash)) {
            add(
                    Kind.RECORD_CHANGED,
                    "the record is not the one whose leaf is in the tree",
                    line,
                    facts.map(RecordFacts::position).orElse(null));
        } else if (isRepeated && !computed.equals(hash(index))) {
            add(Kind.RECORD_CHANGED, "the record differs from another with the same place in the tree", line, null);
        }
        // Of a part, the numbers before are not in the file.
        facts.filter(one -> isWhole)
                .flatMap(one -> numbers.take(one, line.partition(), isRepeated))
                .ifPresent(what -> add(
                        Kind.RECORD_ORDER,
                        what,
                        line,
                        facts.map(RecordFacts::position).orElse(null)));
        if (!isRepeated) {
            keep(index, computed);
        }
    }

    private void add(Kind kind, String what, ExportFormat.Line.Leaf line, @Nullable Long position) {
        String where = what + " (line " + lineNumber + ")";
        LogRecord record = line.record();
        differences.add(
                record == null
                        ? new Difference(kind, where, null, position, null, line.partition(), line.offset())
                        : Difference.of(kind, where, record, position));
    }

    private void keep(int index, Hash hash) {
        seen.set(index);
        while (hashes.size() <= index / HASHES_PER_CHUNK) {
            hashes.add(new byte[HASHES_PER_CHUNK * Hash.BYTES]);
        }
        System.arraycopy(
                hash.bytes(),
                0,
                hashes.get(index / HASHES_PER_CHUNK),
                index % HASHES_PER_CHUNK * Hash.BYTES,
                Hash.BYTES);
    }

    private Hash hash(int index) {
        byte[] one = new byte[Hash.BYTES];
        System.arraycopy(
                hashes.get(index / HASHES_PER_CHUNK), index % HASHES_PER_CHUNK * Hash.BYTES, one, 0, Hash.BYTES);
        return Hash.of(one);
    }

    private void tree(long size, SignedHeads signed) {
        Frontier edge = Frontier.empty();
        int leaves = Math.toIntExact(size);
        for (int index = 0; index < leaves; index++) {
            if (!seen.get(index)) {
                differences.add(Difference.of(Kind.RECORD_MISSING, "the file has no line of leaf " + index));
                continue;
            }
            edge.append(hash(index), (subtree, hash) -> {});
            if (signed.has(edge.size())) {
                signed.grown(edge.size(), edge.root());
            }
        }
        if (seen.length() > leaves) {
            differences.add(Difference.of(
                    Kind.RECORD_UNKNOWN, "the file has leaves behind the %d that it begins with".formatted(size)));
        }
        signed.end(edge.size());
    }
}
