package io.userstore.api.error;

import java.util.Locale;

/**
 * Every kind of error that the API answers: the HTTP status, the name that UserStore.io's clients look at, and the
 * number that Coronium's clients look at.
 */
public enum ErrorCode {
    VALIDATION_ERROR(400, 800, "Validation failed"),
    MALFORMED_REQUEST(400, 830, "Malformed request"),
    UNAUTHORIZED(401, 810, "A valid key is needed"),
    INVALID_CREDENTIALS(401, 603, "Invalid credentials"),
    FORBIDDEN(403, 810, "The key does not permit this"),
    USER_NOT_FOUND(404, 604, "No such user"),
    NOT_FOUND(404, 810, "No such resource"),
    METHOD_NOT_ALLOWED(405, 810, "Method not allowed"),
    NOT_ACCEPTABLE(406, 810, "Not acceptable"),
    NO_PENDING_CONFIRMATION(404, 614, "No confirmation is pending"),
    USERNAME_TAKEN(409, 600, "User name taken"),
    EMAIL_TAKEN(409, 600, "E-mail address taken"),
    APPLICATION_EXISTS(409, 810, "Application exists"),
    CONFLICT(409, 810, "Conflicting changes"),
    IDEMPOTENCY_KEY_IN_USE(409, 810, "A request with this Idempotency-Key is under way"),
    IDEMPOTENT_ANSWER_LOST(409, 810, "Carried out before, and its answer lost: read, then decide"),
    CODE_EXPIRED(410, 800, "The code has expired or has been used"),
    VERSION_CONFLICT(412, 810, "The user has changed meanwhile"),
    PAYLOAD_TOO_LARGE(413, 810, "Body too large"),
    UNSUPPORTED_MEDIA_TYPE(415, 810, "Content type not supported"),
    IDEMPOTENCY_KEY_REUSED(422, 810, "This Idempotency-Key was used for another request"),
    TOO_MANY_REQUESTS(429, 810, "Too many requests"),
    INTERNAL_ERROR(500, 810, "Internal error"),
    OVERLOADED(503, 810, "Overloaded, try again"),
    UNAVAILABLE(503, 810, "A server that is needed is away, try again"),
    NOT_YET_VISIBLE(503, 810, "The write that the token names is not visible yet, try again"),
    PROVIDER_NOT_LINKED(404, 624, "Provider not linked"),
    PROVIDER_ALREADY_LINKED(409, 620, "Provider already linked"),
    LAST_WAY_IN(409, 810, "The user could not sign in any more");

    private final int status;
    private final int code;
    private final String title;

    ErrorCode(int status, int code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Coronium's number; a validation error may narrow it, see {@link FieldFault.Kind}. */
    public int code() {
        return code;
    }

    public String title() {
        return title;
    }

    /** The field {@code error} of an answer, for example {@code email_taken}. */
    public String error() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The problem type of RFC 9457. */
    public String type() {
        return "https://userstore.dev/problems/" + error().replace('_', '-');
    }
}
