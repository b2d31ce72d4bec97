package io.userstore.query.rest;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.query.projection.Served;
import io.userstore.query.projection.Serving;
import io.userstore.query.statistics.Interval;
import io.userstore.query.statistics.Statistics;
import io.userstore.query.statistics.StatisticsReads;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /1/stats} and {@code GET /1/stats/groups}. */
@RestController
final class StatisticsController {
    private static final Duration SPAN = Duration.ofDays(30);
    private static final int MAX_POINTS = 1_000;
    private static final int MAX_GROUP = 256;

    private final ReadGate gate;
    private final Served<StatisticsReads> statistics;
    private final InstantSource clock;

    StatisticsController(ReadGate gate, Served<StatisticsReads> statistics, InstantSource clock) {
        this.gate = gate;
        this.statistics = statistics;
        this.clock = clock;
    }

    /** The answer; {@code from} and {@code to} are widened to whole intervals, which is what was counted. */
    @JsonPropertyOrder({"totals", "interval", "from", "to", "series"})
    record Answer(Statistics.Totals totals, String interval, Instant from, Instant to, List<Statistics.Point> series) {}

    @GetMapping("/1/stats")
    void statistics(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.STATS_READ);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        Interval interval = Interval.valueOf(
                options.choice("interval", "day", "hour", "week", "month").toUpperCase(Locale.ROOT));
        Instant givenTo = options.time("to");
        Instant givenFrom = options.time("from");
        Instant to = givenTo == null ? Interval.DAY.next(Interval.DAY.start(clock.instant())) : givenTo;
        Instant from = givenFrom == null ? to.minus(SPAN) : givenFrom;
        Statistics.Group group = group(options, faults);
        options.rejectOthers();
        checkSpan(from, to, interval, faults);
        StatisticsReads reads = statistics.in(gate.pass(request, caller, ReadGate.Model.STATISTICS, faults));
        Statistics.Series series = reads.series(caller.application(), group, from, to, interval);
        Statistics.Totals totals =
                group == null ? reads.totals(caller.application()) : reads.totals(caller.application(), group);
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                new Answer(totals, interval.text(), series.from(), series.to(), series.points()));
    }

    /**
     * Where a page of groups lies. Groups have names and no numbers, so that the cursor is a name.
     *
     * @param next the next page's absolute address, null at the end
     */
    record GroupPaging(@Nullable String next, @Nullable String after) {}

    @GetMapping("/1/stats/groups")
    void groups(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.STATS_READ);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        int limit = Paging.Asked.limit(options);
        String after = name(options, "after", faults);
        options.rejectOthers();
        Serving serving = gate.pass(request, caller, ReadGate.Model.STATISTICS, faults);
        Statistics.GroupPage page = statistics.in(serving).groups(caller.application(), after, limit);
        String next = page.after() == null ? null : Paging.link(request, Paging.AFTER, page.after());
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                new GroupAnswer(new GroupPaging(next, page.after()), page.groups()));
    }

    record GroupAnswer(GroupPaging paging, List<Statistics.OfGroup> data) {}

    /** Whose users are asked for; null for everybody's. */
    private static Statistics.@Nullable Group group(QueryParameters options, Faults faults) {
        String name = name(options, "group", faults);
        boolean without = Boolean.TRUE.equals(options.flag("without_group"));
        if (without && name != null) {
            faults.add("without_group", Kind.INVALID, "not together with group");
        }
        return without ? Statistics.Group.NONE : name == null ? null : new Statistics.Group(name);
    }

    private static @Nullable String name(QueryParameters options, String option, Faults faults) {
        String name = options.text(option);
        if (name != null && name.length() > MAX_GROUP) {
            faults.add(option, Kind.TOO_LONG, "at most " + MAX_GROUP + " characters");
        }
        return name;
    }

    private static void checkSpan(Instant from, Instant to, Interval interval, Faults faults) {
        if (!from.isBefore(to)) {
            faults.add("to", Kind.INVALID, "must be later than from");
            return;
        }
        Instant start = interval.start(from);
        for (int points = 0; start.isBefore(to); points++) {
            if (points == MAX_POINTS) {
                faults.add("interval", Kind.INVALID, "gives more than " + MAX_POINTS + " points from from to to");
                return;
            }
            start = interval.next(start);
        }
    }
}
