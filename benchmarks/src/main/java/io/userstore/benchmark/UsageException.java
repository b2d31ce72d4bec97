package io.userstore.benchmark;

/** The command line cannot be understood; the message tells why. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String sentence) {
        super(sentence);
    }
}
