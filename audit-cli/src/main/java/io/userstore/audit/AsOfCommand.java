package io.userstore.audit;

import io.userstore.api.json.Json;
import io.userstore.audit.fold.UserView;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code userstore-audit as-of}. */
@Command(
        name = "as-of",
        description = "The user as of a time.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit as-of 0198c0de-0000-7000-8000-000000000000 2026-01-04T23:48:34.288Z",
            "  userstore-audit as-of 0198c0de-0000-7000-8000-000000000000 2026-01-04 --output json"
        })
final class AsOfCommand implements Callable<Integer> {
    private static final List<Output.Column> COLUMNS =
            List.of(new Output.Column("field", 18), new Output.Column("value", 0));

    @Mixin
    private final UserHistory history = new UserHistory();

    @Parameters(
            index = "1",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "RFC 3339, or a day, which is its beginning in UTC. Events of that very moment count.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Instant time;

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        UserView user = new UserView(history.userId());
        history.forEach(event -> {
            if (!event.time().isAfter(time)) {
                user.apply(event);
            }
        });
        if (user.field(UserView.VERSION) == null) {
            throw CommandFailedException.couldNotRun(
                    "there was no user " + history.userId() + " at " + Json.format(time) + " yet");
        }
        print(spec.commandLine().getOut(), user.fields());
        return UserstoreAudit.OK;
    }

    private void print(PrintWriter out, Map<String, @Nullable Object> fields) {
        if (output.isJson()) {
            output.row(out, COLUMNS, fields);
            return;
        }
        fields.forEach((name, value) -> {
            if (value != null) {
                output.row(out, COLUMNS, Map.of("field", name, "value", value));
            }
        });
    }
}
