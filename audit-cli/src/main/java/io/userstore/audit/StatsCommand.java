package io.userstore.audit;

import io.userstore.audit.source.EventStore;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.EventTopic.Range;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code userstore-audit stats}. */
@Command(
        name = "stats",
        description = "How many events of each type there are, per application, and how large store, log and tree are.",
        footerHeading = "%nExamples:%n",
        footer = {"  userstore-audit stats", "  userstore-audit stats --output json | tail -n 1"})
final class StatsCommand implements Callable<Integer> {
    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("application", 16),
            new Output.Column("type", 30),
            new Output.Column("count", 10),
            new Output.Column("first", 24),
            new Output.Column("last", 24));

    @Mixin
    private final Servers servers = new Servers();

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, @Nullable Object> totals = new LinkedHashMap<>();
        long[] events = {0};
        try (EventStore store = servers.store();
                EventTopic topic = servers.events()) {
            output.head(out, COLUMNS);
            store.counts(one -> {
                events[0] += one.count();
                output.row(out, COLUMNS, row(one));
            });
            List<Range> ranges = topic.ranges();
            totals.put("events", events[0]);
            totals.put("log_records", ranges.stream().mapToLong(Range::size).sum());
            totals.put("log_partitions", ranges.size());
            totals.put("tree_size", store.tree().size());
            totals.put("not_published", store.behind(store.tree().lastPosition()));
        }
        if (output.isJson()) {
            output.row(out, COLUMNS, totals);
        } else {
            totals.forEach((name, value) -> out.println(name + " " + value));
        }
        return UserstoreAudit.OK;
    }

    private static Map<String, @Nullable Object> row(EventStore.TypeCount one) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("application", one.application());
        row.put("type", one.type());
        row.put("count", one.count());
        row.put("first", one.first());
        row.put("last", one.last());
        return row;
    }
}
