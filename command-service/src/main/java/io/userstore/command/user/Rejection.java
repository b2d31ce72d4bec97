package io.userstore.command.user;

/** Why a command is refused; a value, told to the caller at the edge. */
public enum Rejection {
    /** There is no such user in that application, or no more. */
    NO_SUCH_USER,
    /** The user has another version than those asked for. */
    VERSION_CONFLICT,
    /** The change would leave the user with neither e-mail address nor user name. */
    NO_NAME_LEFT,
    /** The user would have more custom values than a user may have. */
    TOO_MANY_EXTRA_KEYS,
    /** The user has no e-mail address that a code could prove or a mail could go to. */
    NO_EMAIL,
    /** The user is not asked for a confirmation. */
    NO_PENDING_CONFIRMATION,
    /** The code has been used, has expired, or is void because of a later one. */
    CODE_EXPIRED
}
