package io.userstore.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code userstore-audit rebuild}. */
@Command(
        name = "rebuild",
        description = "Has a view made anew from the log while the present one is read, and follows that to its end.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit rebuild users                     read as soon as it is there, unless something is missing",
            "  userstore-audit rebuild users --switch when-equal read only if nothing differs",
            "  userstore-audit rebuild users --rollback          the one before is read again",
            "  userstore-audit rebuild users --follow            follows one that is under way",
            "",
            "Ctrl-C ends the following, not the rebuild; --cancel ends that, or gives up the one that was read before.",
            "",
            "Exit code: 0 it is read, and nothing differs; 1 documents differ, whether it is read or not."
        })
final class RebuildCommand implements Callable<Integer> {
    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("name", 12),
            new Output.Column("generation", 10),
            new Output.Column("state", 12),
            new Output.Column("events", 12),
            new Output.Column("rate", 9),
            new Output.Column("documents", 12),
            new Output.Column("differences", 11),
            new Output.Column("reason", 0));

    @Parameters(index = "0", paramLabel = "NAME", description = "users, statistics or activity.")
    private String name = "";

    @Option(
            names = "--switch",
            paramLabel = "WHEN",
            defaultValue = "when-complete",
            description =
                    "when-complete: unless documents are missing that the present view has; when-equal: if nothing"
                            + " differs; always (default: ${DEFAULT-VALUE}).")
    private String condition = "";

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            defaultValue = "log",
            description =
                    "log, or store: has the history published once more, as is done by itself where the log has lost its"
                            + " beginning (default: ${DEFAULT-VALUE}).")
    private String from = "";

    @Option(names = "--rollback", description = "Goes back to what was read before the last rebuild.")
    private boolean rollBack;

    @Option(names = "--cancel", description = "Ends the rebuild that is under way, or gives up what was read before.")
    private boolean cancel;

    @Option(names = "--follow", description = "Begins none, and follows the one that is under way.")
    private boolean follow;

    @Option(names = "--no-wait", description = "Ends once it has begun.")
    private boolean noWait;

    @Mixin
    private final Service service = new Service();

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((rollBack ? 1 : 0) + (cancel ? 1 : 0) + (follow ? 1 : 0) > 1) {
            throw CommandFailedException.usage("one of --rollback, --cancel and --follow");
        }
        ViewRebuild rebuild = new ViewRebuild(service, name);
        if (!condition.matches("[a-z-]+")) {
            throw CommandFailedException.usage("--switch takes when-complete, when-equal or always");
        }
        if (!from.matches("[a-z-]+")) {
            throw CommandFailedException.usage("--from takes log or store");
        }
        if (rollBack) {
            return show(service.send("POST", rebuild.path() + "/rollback"));
        }
        if (cancel) {
            return show(service.send("DELETE", rebuild.path() + "/rebuild"));
        }
        JsonNode entry = follow ? service.get(rebuild.path()) : rebuild.begin(condition, from);
        return show(
                noWait
                        ? entry
                        : rebuild.awaited(entry, Progress.on(spec.commandLine().getErr())));
    }

    private int show(JsonNode entry) {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode rebuild = entry.path("rebuild");
        JsonNode comparison = rebuild.path("comparison");
        long differences = comparison.path("differences").asLong(0);
        if (output.isJson()) {
            out.println(entry);
            return differences == 0 ? UserstoreAudit.OK : UserstoreAudit.DIFFERENCES;
        }
        output.head(out, COLUMNS);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("generation", entry.path("generation").asLong(0));
        fields.put("state", rebuild.path("state").asString("none"));
        fields.put("events", rebuild.path("done").asLong(0));
        fields.put("rate", rebuild.path("rate").asLong(0) + "/s");
        fields.put("documents", comparison.path("documents").asLong(0));
        fields.put("differences", differences);
        fields.put("reason", rebuild.path("reason").asString(""));
        output.row(out, COLUMNS, fields);
        comparison.path("examples").forEach(example -> out.println("  differs: " + example.asString()));
        return differences == 0 ? UserstoreAudit.OK : UserstoreAudit.DIFFERENCES;
    }
}
