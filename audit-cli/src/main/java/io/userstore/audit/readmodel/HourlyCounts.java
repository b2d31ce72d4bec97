package io.userstore.audit.readmodel;

import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent.LoginFailed;
import io.userstore.api.event.UserEvent.LoginRecorded;
import io.userstore.api.event.UserEvent.UserCreated;
import io.userstore.api.event.UserEvent.UserDeleted;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an event counts as in its hour, in UTC.
 *
 * @param day for example {@code 2026-01-04}
 * @param group the group that the user was in
 * @param counters by hour and name, for example {@code 09.logins}: each 1
 */
record HourlyCounts(String day, @Nullable String group, Map<String, Long> counters) {
    /** By the name of what is counted, where its span begins. */
    private static final Map<String, UnaryOperator<LocalDateTime>> SPANS = Map.of(
            "unique_hour", moment -> moment.truncatedTo(ChronoUnit.HOURS),
            "unique_day", HourlyCounts::midnight,
            "unique_week", moment -> midnight(moment).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)),
            "unique_month", moment -> midnight(moment).withDayOfMonth(1));

    /** Null for an event that is not counted by the hour. */
    static @Nullable HourlyCounts of(PublishedEvent event) {
        return switch (event.data()) {
            case UserCreated created -> of(event, created.group(), List.of("joins"));
            case UserDeleted deleted -> of(event, deleted.group(), List.of("deletions"));
            case LoginFailed failed -> of(event, failed.group(), List.of("failed_logins"));
            case LoginRecorded login ->
                of(event, login.group(), ofLogin(utc(event.time()), previous(login.previousLoginAt())));
            default -> null;
        };
    }

    private static HourlyCounts of(PublishedEvent event, @Nullable String group, List<String> names) {
        LocalDateTime time = utc(event.time());
        String hour = String.format(Locale.ROOT, "%02d.", time.getHour());
        return new HourlyCounts(
                time.toLocalDate().toString(),
                group,
                names.stream().collect(Collectors.toMap(name -> hour + name, name -> 1L)));
    }

    /** A login counts once more for each span, beginning with the hour, in which it is its user's first. */
    private static List<String> ofLogin(LocalDateTime time, LocalDateTime previous) {
        List<String> names = new ArrayList<>(List.of("logins"));
        SPANS.forEach((name, begin) -> {
            if (previous.isBefore(begin.apply(time))) {
                names.add(name);
            }
        });
        return names;
    }

    private static LocalDateTime midnight(LocalDateTime moment) {
        return moment.truncatedTo(ChronoUnit.DAYS);
    }

    private static LocalDateTime previous(@Nullable Instant time) {
        return time == null ? LocalDateTime.MIN : utc(time);
    }

    private static LocalDateTime utc(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
