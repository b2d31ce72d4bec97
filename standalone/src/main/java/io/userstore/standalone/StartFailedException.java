package io.userstore.standalone;

/** The start cannot go on, for a reason that one sentence tells. */
final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
