package io.userstore.audit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
        description =
                "Has a view made anew from the whole history, beside the one that serves, and shows how far it is.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit rebuild users",
            "  userstore-audit rebuild statistics --url https://users.example --key-file admin-key",
            "",
            "Ctrl-C stops the showing, not the rebuilding; the same command shows it again."
        })
final class RebuildCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofMillis(500);

    @Mixin
    private final Service service = new Service();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "NAME", description = "The view: users, statistics or activity.")
    private String name = "";

    @Option(names = "--no-wait", description = "Ends once the user store has begun.")
    private boolean noWait;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!name.matches("[a-z0-9_-]{1,64}")) {
            throw CommandFailedException.usage("'" + name + "' is no name of a view");
        }
        JsonNode begun = service.send("POST", "/1/projections/" + name + "/rebuild");
        String state = noWait ? begun.path("state").asString("") : await();
        if (output.isJson()) {
            output.row(
                    spec.commandLine().getOut(),
                    List.of(),
                    Map.of("name", name, "version", begun.path("version"), "state", state));
        } else {
            spec.commandLine()
                    .getOut()
                    .println("%s version %s: %s"
                            .formatted(name, begun.path("version").asString("?"), state));
        }
        return state.equals("failed") ? UserstoreAudit.DIFFERENCES : UserstoreAudit.OK;
    }

    /** @return the state at the end: {@code failed}, or {@code done} */
    private String await() throws IOException, InterruptedException {
        Progress progress = Progress.on(spec.commandLine().getErr());
        while (true) {
            JsonNode rebuild = rebuild();
            String state = rebuild.path("state").asString("");
            if (!rebuild.isObject() || state.equals("done") || state.equals("failed")) {
                progress.clear();
                return state.equals("failed") ? state : "done";
            }
            progress.at(
                    state, rebuild.path("done").asLong(0), rebuild.path("total").asLong(0));
            Thread.sleep(PAUSE);
        }
    }

    /** What GET /1/projections says of the rebuilding; missing when there is none under way. */
    private JsonNode rebuild() throws IOException, InterruptedException {
        JsonNode answer = service.send("GET", "/1/projections");
        for (JsonNode one : answer.has("data") ? answer.path("data") : answer) {
            if (one.path("name").asString("").equals(name)) {
                return one.path("rebuild");
            }
        }
        throw CommandFailedException.couldNotRun("the user store has no view " + name);
    }
}
