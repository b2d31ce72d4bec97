package io.userstore.audit;

/** Ends a command with a sentence that tells what to do. */
final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandFailedException(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    static CommandFailedException couldNotRun(String message) {
        return new CommandFailedException(UserstoreAudit.COULD_NOT_RUN, message);
    }

    static CommandFailedException usage(String message) {
        return new CommandFailedException(UserstoreAudit.USAGE, message);
    }

    static CommandFailedException away(String message) {
        return new CommandFailedException(UserstoreAudit.SERVER_AWAY, message);
    }

    int exitCode() {
        return exitCode;
    }
}
