package io.userstore.query.users;

/** The fields of a user's document, beside the numbers that the writer keeps. */
final class UserFields {
    static final String COLLECTION = "users";
    static final String TOTALS = "users_totals";

    static final String APPLICATION = "application";
    static final String EMAIL = "email";
    /** The form in which addresses are compared; empty text when there is none, which sorts before all others. */
    static final String EMAIL_KEY = "email_key";

    static final String USERNAME = "username";
    /** Likewise for the user name. */
    static final String USERNAME_KEY = "username_key";

    static final String FIRST_NAME = "first_name";
    static final String LAST_NAME = "last_name";
    static final String GROUP = "group";
    /** An array of key and value, because a key may hold a dot or begin with a dollar sign. */
    static final String EXTRA = "extra";

    static final String ACTIVE = "active";
    static final String EMAIL_VERIFIED = "email_verified";
    /** {@link #PENDING} or {@link #FAILED}; absent when none is asked for. */
    static final String CONFIRMATION = "confirmation";

    static final String PENDING = "pending";
    static final String FAILED = "failed";
    /** The last recorded login; the beginning of 1970 for never, which sorts before all others. */
    static final String LAST_SIGNIN = "last_signin";

    static final String CREATED_AT = "created_at";
    static final String UPDATED_AT = "updated_at";
    /** The position of the event that created the user: unique, and the order of creation. */
    static final String CURSOR = "cursor";
    /** What a search by prefix looks at: address, user name and names, in the form for comparing. */
    static final String SEARCH = "search";

    /**
     * The identities at OAuth providers, each as {@link #link(String, String)}: what a list is narrowed by. Follows from
     * one field per linked provider, {@link #LINK_OF} and its name, because an event changes whole fields.
     */
    static final String LINKS = "links";

    static final String LINK_OF = "link_of_";

    /** In {@link #TOTALS}: how many users the application has from one partition. */
    static final String USERS = "users";

    private UserFields() {}

    /** Without ambiguity: no provider has a colon in its name. */
    static String link(String provider, String clientId) {
        return provider + ":" + clientId;
    }
}
