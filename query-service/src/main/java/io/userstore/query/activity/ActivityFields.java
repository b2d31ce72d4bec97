package io.userstore.query.activity;

/** The fields of an entry's document. */
final class ActivityFields {
    static final String COLLECTION = "activity";

    static final String APPLICATION = "application";
    static final String USER_ID = "user_id";
    /** The event's published name, which tells the revision too. */
    static final String TYPE = "type";

    static final String TIME = "time";
    /** The event's place in the whole history: unique, and the order of entries. */
    static final String POSITION = "position";

    static final String VERSION = "version";
    static final String LOGIN_SEQUENCE = "login_sequence";
    static final String KEY_ID = "key_id";
    static final String REQUEST_ID = "request_id";
    /** What the event tells, without what is personal. */
    static final String DATA = "data";
    /** What of it is personal, all of it and nowhere else in the document, as it was published: sealed. Absent when nothing is. */
    static final String PERSONAL = "personal";

    private ActivityFields() {}
}
