package io.userstore.query.statistics;

/** The names in the documents of statistics. */
final class StatisticsFields {
    /** One document per application, UTC day and partition, with a sub-document of counters per hour. */
    static final String DAYS = "statistics_days";
    /** One document per application and partition. */
    static final String TOTALS = "statistics_totals";
    /** Like {@link #DAYS}, per group. */
    static final String GROUP_DAYS = "statistics_group_days";
    /** Like {@link #TOTALS}, per group. */
    static final String GROUPS = "statistics_groups";
    /** One document per user with the numbers of the last counted events, and how the user counts. */
    static final String COUNTED = "statistics_users";

    static final String APPLICATION = "application";
    /** Null for the users without a group. */
    static final String GROUP = "group";

    static final String DAY = "day";

    static final String JOINS = "joins";
    static final String LOGINS = "logins";
    static final String FAILED_LOGINS = "failed_logins";
    static final String DELETIONS = "deletions";

    static final String USERS = "users";
    static final String ACTIVE = "active";
    static final String VERIFIED = "verified";
    static final String PENDING = "pending";

    private StatisticsFields() {}
}
