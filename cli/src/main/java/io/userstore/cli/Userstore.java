package io.userstore.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code userstore import} and {@code userstore export}. */
@Command(
        name = "userstore",
        description = "Talks to a running user store.",
        subcommands = {ImportCommand.class, ExportCommand.class},
        exitCodeOnInvalidInput = Userstore.COULD_NOT_RUN)
public final class Userstore implements Runnable {
    static final int ALL = 0;
    static final int COULD_NOT_RUN = 1;
    static final int SOME_FAILED = 2;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs a command and answers its exit code. */
    static int run(String... arguments) {
        return new CommandLine(new Userstore())
                .setUsageHelpWidth(120)
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    String said = error instanceof CommandFailedException ? error.getMessage() : error.toString();
                    command.getErr().println("userstore: " + said);
                    return COULD_NOT_RUN;
                })
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? import or export");
    }
}
