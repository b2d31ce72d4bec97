package io.userstore.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code userstore-audit history}. */
@Command(
        name = "history",
        description =
                "Everything that happened to one user, the oldest first: when, what, and by which key of the API.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit history 0198c0de-0000-7000-8000-000000000000",
            "  userstore-audit history 0198c0de-0000-7000-8000-000000000000 --output json | jq -c 'select(.type==\"user.email-changed\")'",
            "",
            "The numbers are those of the user's two streams: v for profile and life, s for signing in. The events of a",
            "deleted user are there, without what was personal in them."
        })
final class HistoryCommand implements Callable<Integer> {
    @Mixin
    private final UserHistory history = new UserHistory();

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        output.head(out, EventFields.COLUMNS);
        history.forEach(event -> output.row(out, EventFields.COLUMNS, EventFields.of(event)));
        return UserstoreAudit.OK;
    }
}
