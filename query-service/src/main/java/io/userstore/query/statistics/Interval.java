package io.userstore.query.statistics;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** The spans that are counted by, in UTC; a week begins on Monday (ISO 8601). */
public enum Interval {
    HOUR,
    DAY,
    WEEK,
    MONTH;

    /** As it is asked for, for example {@code hour}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The first instant of the span that a time lies in. */
    public Instant start(Instant time) {
        ZonedDateTime utc = time.atZone(ZoneOffset.UTC);
        ZonedDateTime day = utc.truncatedTo(ChronoUnit.DAYS);
        ZonedDateTime start = switch (this) {
            case HOUR -> utc.truncatedTo(ChronoUnit.HOURS);
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
        };
        return start.toInstant();
    }

    /** The first instant of the span after the one that begins at {@code start}. */
    public Instant next(Instant start) {
        ZonedDateTime utc = start.atZone(ZoneOffset.UTC);
        ZonedDateTime next = switch (this) {
            case HOUR -> utc.plusHours(1);
            case DAY -> utc.plusDays(1);
            case WEEK -> utc.plusWeeks(1);
            case MONTH -> utc.plusMonths(1);
        };
        return next.toInstant();
    }

    /** The name of the counter of users who signed in for the first time in their span. */
    String uniqueLogins() {
        return "unique_" + text();
    }
}
