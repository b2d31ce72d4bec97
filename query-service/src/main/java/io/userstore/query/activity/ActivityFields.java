package io.userstore.query.activity;

/** The fields of an entry's document. */
final class ActivityFields {
    static final String COLLECTION = "activity_v1";

    static final String APPLICATION = "application";
    static final String USER_ID = "user_id";
    /** The event's name in the catalog. */
    static final String TYPE = "type";

    static final String TIME = "time";
    /** The event's place in the whole history: unique, and the order of entries. */
    static final String POSITION = "position";

    static final String VERSION = "version";
    static final String LOGIN_SEQUENCE = "login_sequence";
    static final String KEY_ID = "key_id";
    static final String REQUEST_ID = "request_id";
    /** What is personal in the event, as it was published: sealed under the user's key, and opened when it is read. */
    static final String PERSONAL = "personal";

    static final String CHANGED = "changed";

    private ActivityFields() {}
}
