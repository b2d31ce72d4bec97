package io.userstore.web;

/** The service cannot start as it is configured; the message is one sentence that tells what to change. */
public final class InvalidConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidConfigurationException(String sentence) {
        super(sentence);
    }
}
