package io.userstore.web;

/**
 * Ends an answer that has begun and cannot go on: the connection is closed, so that nobody takes what has arrived for
 * the whole. Has neither a stack trace nor a cause: whoever throws it has logged why, and a handler for the cause would
 * be chosen before the one that closes the connection.
 */
public final class BrokenOffException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokenOffException() {
        super("an answer was broken off", null, false, false);
    }
}
