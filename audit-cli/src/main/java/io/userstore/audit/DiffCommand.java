package io.userstore.audit;

import io.userstore.api.event.EventStream;
import io.userstore.audit.fold.UserView;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code userstore-audit diff}. */
@Command(
        name = "diff",
        description = "What changed between two versions of a user.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit diff 0198c0de-0000-7000-8000-000000000000 1 3      from the first version to the third",
            "  userstore-audit diff 0198c0de-0000-7000-8000-000000000000 0 1      what the user began with"
        })
final class DiffCommand implements Callable<Integer> {
    private static final List<Output.Column> COLUMNS =
            List.of(new Output.Column("field", 18), new Output.Column("before", 30), new Output.Column("after", 0));

    @Mixin
    private final UserHistory history = new UserHistory();

    @Parameters(index = "1", paramLabel = "V1", description = "The earlier version; 0: before the user was there.")
    private long earlier;

    @Parameters(index = "2", paramLabel = "V2", description = "The later version.")
    private long later;

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        if (earlier < 0 || later <= earlier) {
            throw CommandFailedException.usage("V1 must be 0 or more, and V2 larger than V1");
        }
        UserView before = new UserView(history.userId());
        UserView after = new UserView(history.userId());
        history.forEach(event -> {
            if (event.type().stream() == EventStream.USER) {
                if (event.sequence() <= earlier) {
                    before.apply(event);
                }
                if (event.sequence() <= later) {
                    after.apply(event);
                }
            }
        });
        if (!(after.field(UserView.VERSION) instanceof Long last) || last < later) {
            throw CommandFailedException.couldNotRun(
                    "the user has no version " + later + "; the last is " + after.field(UserView.VERSION));
        }
        print(before.fields(), after.fields());
        return UserstoreAudit.OK;
    }

    private void print(Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
        PrintWriter out = spec.commandLine().getOut();
        output.head(out, COLUMNS);
        Map<String, @Nullable Object> names = new LinkedHashMap<>(before);
        names.putAll(after);
        for (String name : names.keySet()) {
            if (!Objects.equals(before.get(name), after.get(name))) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                row.put("field", name);
                row.put("before", before.get(name));
                row.put("after", after.get(name));
                output.row(out, COLUMNS, row);
            }
        }
    }
}
