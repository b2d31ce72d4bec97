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
    CODE_EXPIRED,
    /** The user is linked to that provider already. */
    PROVIDER_ALREADY_LINKED,
    /** The user is not linked to that provider. */
    PROVIDER_NOT_LINKED,
    /** The user would be linked to more providers than a user may be. */
    TOO_MANY_PROVIDERS,
    /** The user has no password and would have no provider left to sign in through. */
    LAST_WAY_IN
}
