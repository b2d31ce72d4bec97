package io.userstore.command.application;

/** Why a command on an application is refused; a value, told to the caller at the edge. */
public enum ApplicationRejection {
    NO_SUCH_APPLICATION,
    ALREADY_EXISTS,
    /** There is no such key in that application, or no more. */
    NO_SUCH_KEY,
    /** The key would get a permission that its giver lacks. */
    BEYOND_THE_GIVERS_PERMISSIONS,
    /** The key has been rotated before: its successor is the one to rotate. */
    ROTATED_ALREADY,
    TOO_MANY_KEYS,
    /** A log-in to a mail server lacks its password, or would take that of another server along. */
    NO_MAIL_PASSWORD
}
