package io.userstore.audit;

import com.mongodb.MongoException;
import io.userstore.audit.readmodel.ReadModelVerification;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code userstore-audit} and its commands. */
@Command(
        name = "userstore-audit",
        description = "Reads the history of a user store, and checks that it is what it was.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            HistoryCommand.class,
            AsOfCommand.class,
            DiffCommand.class,
            TailCommand.class,
            StatsCommand.class,
            VerifyCommand.class,
            ExportCommand.class,
            ReplayCommand.class,
            DeadLettersCommand.class,
            RebuildCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit verify                          compares store, log, tree, signatures and read models",
            "  userstore-audit history 0198c0de-…              everything that happened to one user",
            "  userstore-audit export history.ndjson           the whole history, to be verified elsewhere:",
            "  userstore-audit verify --file history.ndjson --public-key key.pem",
            "  userstore-audit rebuild users                   makes a view anew while the present one is read",
            "",
            "In the folder of a standalone nothing has to be configured. It writes nothing to any server, but for",
            "replay (another topic), dead-letters retry and discard, and rebuild.",
            "",
            "Exit code: 0 all is well; 1 differences were found; 2 the command line is wrong; 3 a server is away or",
            "refuses; 4 could not run to the end."
        })
public final class UserstoreAudit implements Runnable {
    static final int OK = 0;
    static final int DIFFERENCES = 1;
    static final int USAGE = 2;
    static final int SERVER_AWAY = 3;
    static final int COULD_NOT_RUN = 4;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    public static void main(String[] arguments) {
        // Kafka's clients log, and there is nobody who would read it; what goes wrong comes back as an exception.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments));
    }

    /** Runs a command and answers its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new UserstoreAudit())
                .setUsageHelpWidth(120)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    CommandFailedException failure = failure(error);
                    command.getErr().println("userstore-audit: " + failure.getMessage());
                    return failure.exitCode();
                })
                .execute(arguments);
    }

    private static CommandFailedException failure(Exception error) {
        return switch (error) {
            case CommandFailedException failure -> failure;
            case SQLException sql -> CommandFailedException.away("PostgreSQL: " + sql.getMessage());
            case KafkaException kafka -> CommandFailedException.away("Kafka: " + kafka.getMessage());
            case MongoException mongo -> CommandFailedException.away("MongoDB: " + mongo.getMessage());
            case ReadModelVerification.NotComparableException not ->
                CommandFailedException.couldNotRun(String.valueOf(not.getMessage()));
            case IOException io -> CommandFailedException.couldNotRun(io.toString());
            default -> CommandFailedException.couldNotRun(error.toString());
        };
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which command? " + String.join(", ", spec.subcommands().keySet()));
    }
}
