package io.userstore.embedded;

/** A server cannot listen where it was told to. The message is one sentence for the person who starts the program. */
public final class PortInUseException extends RuntimeException {

    PortInUseException(String message, Throwable cause) {
        super(message, cause);
    }
}
