package io.userstore.web;

/**
 * Ends an answer that has begun and cannot go on: the connection is closed, so that nobody takes what has arrived for
 * the whole. Has no stack trace of its own: whoever throws it has logged why.
 */
public final class BrokenOffException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokenOffException(Throwable cause) {
        super("an answer was broken off", cause, false, false);
    }
}
