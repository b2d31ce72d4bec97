package io.userstore.audit;

import io.userstore.api.audit.TreeHead;
import io.userstore.audit.source.EventStore;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.EventTopic.Range;
import io.userstore.audit.source.Leaf;
import io.userstore.audit.source.LogRecord;
import io.userstore.audit.verify.ExportFormat;
import io.userstore.audit.verify.ExportFormat.Begin;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code userstore-audit export}. */
@Command(
        name = "export",
        description =
                "Writes the history as it was published, one JSON object per line, with all that somebody else needs to verify"
                        + " it: verify --file. What is personal stays sealed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit export history.ndjson",
            "  userstore-audit export history.ndjson --resume        goes on where that export was broken off",
            "  userstore-audit export january.ndjson --from 2026-01-01 --to 2026-02-01",
            "",
            "Lines: first what is exported; then signed heads; then the records, partition by partition, each with its",
            "place in the log and in the tree. Of records outside of the time asked for there is only the leaf, so",
            "that a part can be verified too. An export ends where the log ended when it began."
        })
final class ExportCommand implements Callable<Integer> {
    /** Enough to tell the place of a change; the last covers everything by itself. */
    private static final int HEADS_AT_MOST = 1_000;

    private static final int TAIL_BYTES = 4 * 1024 * 1024;

    @Mixin
    private final Servers servers = new Servers();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "Where to.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path file;

    @Option(names = "--from", paramLabel = "TIME", converter = TimeOption.class, description = "The earliest time.")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", converter = TimeOption.class, description = "Behind the last time.")
    private @Nullable Instant to;

    @Option(names = "--resume", description = "Goes on behind the last line of FILE.")
    private boolean resume;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    private long lines;
    private long without;

    @Override
    public Integer call() throws IOException, SQLException {
        if (!resume && Files.exists(file)) {
            throw CommandFailedException.usage(file + " is there already; --resume goes on with it");
        }
        Progress progress = Progress.on(spec.commandLine().getErr());
        try (EventStore store = servers.store();
                EventTopic events = servers.events()) {
            Optional<Resumed> before = resume ? Optional.of(resumed()) : Optional.empty();
            Begin begin = before.isPresent() ? before.get().begin() : begin(store, events);
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), 64 * 1024)) {
                if (before.isEmpty()) {
                    write(out, ExportFormat.begin(begin));
                    for (TreeHead head : heads(store, begin.treeSize())) {
                        write(out, ExportFormat.head(head));
                    }
                }
                export(begin, before, store, events, out, progress);
            }
        }
        progress.clear();
        print();
        return without == 0 ? UserstoreAudit.OK : UserstoreAudit.DIFFERENCES;
    }

    private Begin begin(EventStore store, EventTopic events) throws SQLException {
        // In this order: the record of each leaf is in the log.
        long size = store.tree().size();
        List<Range> ranges = events.ranges();
        if (ranges.isEmpty()) {
            throw CommandFailedException.couldNotRun("there is no topic " + servers.eventsTopic());
        }
        return new Begin(ExportFormat.VERSION, servers.eventsTopic(), size, from, to, ranges);
    }

    /** Of very many, some: spread evenly, and the last. */
    private static List<TreeHead> heads(EventStore store, long treeSize) throws SQLException {
        List<TreeHead> all = store.heads().stream()
                .filter(head -> head.treeSize() <= treeSize)
                .toList();
        int step = all.size() / HEADS_AT_MOST + 1;
        return IntStream.range(0, all.size())
                .filter(i -> i % step == 0 || i == all.size() - 1)
                .mapToObj(all::get)
                .toList();
    }

    /** What an export that was broken off had come to; behind {@code offset} of {@code partition} it goes on. */
    private record Resumed(Begin begin, int partition, long offset) {}

    private Resumed resumed() throws IOException {
        Begin begin;
        try (var reader = Files.newBufferedReader(file)) {
            begin = Optional.ofNullable(reader.readLine())
                    .flatMap(ExportFormat::readBegin)
                    .orElseThrow(() -> CommandFailedException.couldNotRun(file + " is no export that could go on"));
        }
        if (from != null || to != null) {
            throw CommandFailedException.usage("--resume goes on with the times that the export began with");
        }
        return lastLine()
                .flatMap(line -> ExportFormat.read(line, begin.topic()))
                .filter(ExportFormat.Line.Leaf.class::isInstance)
                .map(ExportFormat.Line.Leaf.class::cast)
                .map(leaf -> new Resumed(begin, leaf.partition(), leaf.offset()))
                .orElseThrow(() ->
                        CommandFailedException.couldNotRun(file + " holds no record yet; delete it and begin again"));
    }

    /** The last whole line; what was cut off behind it is taken away. */
    private Optional<String> lastLine() throws IOException {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            int length = (int) Math.min(TAIL_BYTES, size);
            byte[] tail = new byte[length];
            channel.position(size - length);
            var buffer = java.nio.ByteBuffer.wrap(tail);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Until all of it is there.
            }
            String text = new String(tail, StandardCharsets.ISO_8859_1);
            int end = text.lastIndexOf('\n');
            if (end < 0) {
                return Optional.empty();
            }
            channel.truncate(size - length + end + 1);
            int begin = text.lastIndexOf('\n', end - 1) + 1;
            return Optional.of(new String(tail, begin, end - begin, StandardCharsets.UTF_8));
        }
    }

    private void export(
            Begin begin,
            Optional<Resumed> before,
            EventStore store,
            EventTopic events,
            OutputStream out,
            Progress progress)
            throws IOException, SQLException {
        long total = begin.ranges().stream().mapToLong(Range::size).sum();
        for (Range range : begin.ranges()) {
            int partition = before.map(Resumed::partition).orElse(-1);
            if (range.partition() < partition) {
                continue;
            }
            long start = range.partition() == partition
                    ? before.map(one -> one.offset() + 1).orElse(range.begin())
                    : range.begin();
            events.read(new Range(range.partition(), start, range.end()), batch -> {
                write(batch, begin, store, out);
                progress.at("exporting", lines, total);
            });
        }
    }

    private void write(List<LogRecord> batch, Begin begin, EventStore store, OutputStream out)
            throws SQLException, IOException {
        Map<Long, Leaf> leaves = store.leavesAt(
                batch.stream().flatMap(one -> position(one).stream()).toList());
        for (LogRecord record : batch) {
            Leaf leaf = position(record).map(leaves::get).orElse(null);
            if (leaf != null && leaf.index() >= begin.treeSize()) {
                continue;
            }
            without += leaf == null ? 1 : 0;
            lines++;
            write(out, ExportFormat.record(record, leaf, EventFilter.isWithin(record, begin.from(), begin.to())));
        }
    }

    private static Optional<Long> position(LogRecord record) {
        return ExportFormat.positionOf(record);
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void print() {
        var out = spec.commandLine().getOut();
        if (output.isJson()) {
            output.row(out, List.of(), Map.of("file", file.toString(), "lines", lines, "without_leaf", without));
            return;
        }
        out.println("exported " + lines + " records to " + file);
        if (without > 0) {
            out.println(without + " of them are no leaf of the tree: verify tells more");
        }
    }
}
