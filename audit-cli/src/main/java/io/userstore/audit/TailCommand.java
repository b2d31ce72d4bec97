package io.userstore.audit;

import io.userstore.api.event.EventCodec;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.EventTopic.Range;
import io.userstore.audit.source.LogRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code userstore-audit tail}. */
@Command(
        name = "tail",
        description = "Shows events as they are published, until Ctrl-C. What is personal stays sealed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit tail --type user.login-failed,user.locked",
            "  userstore-audit tail --app shop --output json",
            "  userstore-audit tail --from-beginning --count 20"
        })
final class TailCommand implements Callable<Integer> {
    @Mixin
    private final Servers servers = new Servers();

    @Mixin
    private final EventFilter filter = new EventFilter();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--from-beginning", description = "All that is in the log first.")
    private boolean fromBeginning;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "9223372036854775807",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
            description = "Ends after so many events.")
    private long count;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    private long shown;

    @Override
    public Integer call() throws IOException, SQLException {
        filter.check();
        PrintWriter out = spec.commandLine().getOut();
        try (EventTopic events = servers.events()) {
            List<Range> now = events.ranges();
            if (now.isEmpty()) {
                throw CommandFailedException.couldNotRun("there is no topic " + servers.eventsTopic());
            }
            output.head(out, EventFields.COLUMNS);
            events.follow(now.stream().map(this::start).toList(), batch -> show(batch, out));
        }
        return UserstoreAudit.OK;
    }

    private Range start(Range range) {
        return fromBeginning ? range : new Range(range.partition(), range.end(), range.end());
    }

    private boolean show(List<LogRecord> batch, PrintWriter out) {
        for (LogRecord record : batch) {
            if (shown < count && filter.wants(record)) {
                show(record, out);
                shown++;
            }
        }
        out.flush();
        return shown < count && !out.checkError();
    }

    private void show(LogRecord record, PrintWriter out) {
        try {
            output.row(out, EventFields.COLUMNS, EventFields.of(record.event()));
        } catch (EventCodec.UndecodableEventException | EventCodec.UnknownEventTypeException e) {
            spec.commandLine()
                    .getErr()
                    .println("userstore-audit: the record at %d:%d cannot be shown: %s"
                            .formatted(record.partition(), record.offset(), e.getMessage()));
        }
    }
}
