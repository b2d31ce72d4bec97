package io.userstore.query.statistics;

/** The names in the documents of statistics. */
final class StatisticsFields {
    /** One document per application, UTC day and partition, with a sub-document of counters per hour. */
    static final String DAYS = "statistics_days_v1";
    /** One document per application and partition. */
    static final String TOTALS = "statistics_totals_v1";
    /** One document per user with nothing but the numbers of the last counted events. */
    static final String COUNTED = "statistics_users_v1";

    static final String APPLICATION = "application";
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
