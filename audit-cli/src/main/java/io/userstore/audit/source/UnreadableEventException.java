package io.userstore.audit.source;

/** A stored event that cannot be read as what it says it is. The message says why and quotes no content. */
public final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableEventException(String message) {
        super(message, null, false, false);
    }
}
