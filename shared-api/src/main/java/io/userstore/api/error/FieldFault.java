package io.userstore.api.error;

import java.util.Locale;

/**
 * One thing wrong with one field of a request.
 *
 * @param field the field's name as the caller knows it, for example {@code email} or {@code extra.color}
 * @param message for people; never quotes the value, which may be personal or secret
 */
public record FieldFault(String field, Kind kind, String message) {

    /** What is wrong; the number is Coronium's. */
    public enum Kind {
        MISSING(804),
        WRONG_TYPE(801),
        INVALID(800),
        TOO_LONG(800),
        TOO_SHORT(800),
        UNKNOWN(800),
        TOO_COMMON(800);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** The field's {@code code} in an answer, for example {@code wrong_type}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
