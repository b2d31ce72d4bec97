package io.userstore.query.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.query.projection.ModelState;
import io.userstore.query.projection.Rebuild;
import io.userstore.query.projection.Rebuilds;
import io.userstore.query.projection.Standings;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /1/projections}: how far the views are, and their rebuilds. */
@RestController
final class ProjectionsController {
    /** The views hold all applications together, and only this one's keys may know of the others. */
    private static final String OPERATORS = "default";

    private static final String LOG = "log";
    private static final String STORE = "store";
    private static final String PATH = "/1/projections";

    private final Standings standings;
    private final Rebuilds rebuilds;

    ProjectionsController(Standings standings, Rebuilds rebuilds) {
        this.standings = standings;
        this.rebuilds = rebuilds;
    }

    /** The answer. */
    record Answer(List<Entry> data) {}

    /** One projection; the state in lower case. */
    @JsonPropertyOrder({
        "name",
        "version",
        "generation",
        "former_generation",
        "former_until",
        "applied",
        "lag_events",
        "lag_seconds",
        "state",
        "rebuild"
    })
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            String name,
            int version,
            int generation,
            @JsonProperty("former_generation") @Nullable Integer formerGeneration,
            @JsonProperty("former_until") @Nullable Instant formerUntil,
            long applied,
            @JsonProperty("lag_events") long lagEvents,
            @JsonProperty("lag_seconds") double lagSeconds,
            String state,
            @Nullable Progress rebuild) {
        static Entry of(Standings.Standing standing, Rebuilds.Status status) {
            ModelState state = status.state();
            return new Entry(
                    standing.name(),
                    standing.version(),
                    state.serving(),
                    state.former(),
                    state.formerUntil(),
                    standing.applied(),
                    standing.lagEvents(),
                    standing.lagSeconds(),
                    standing.state().name().toLowerCase(Locale.ROOT),
                    Progress.of(status));
        }
    }

    /** The last rebuild; events per second as a whole number. */
    @JsonPropertyOrder({
        "state",
        "generation",
        "from",
        "switch",
        "started_at",
        "ended_at",
        "done",
        "total",
        "rate",
        "eta_seconds",
        "refused",
        "comparison",
        "reason"
    })
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Progress(
            String state,
            int generation,
            String from,
            @JsonProperty("switch") String condition,
            @JsonProperty("started_at") Instant startedAt,
            @JsonProperty("ended_at") @Nullable Instant endedAt,
            long done,
            long total,
            long rate,

            @JsonProperty("eta_seconds") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Long etaSeconds,

            long refused,
            @Nullable Comparison comparison,
            @Nullable String reason) {
        static @Nullable Progress of(Rebuilds.Status status) {
            Rebuild rebuild = status.state().rebuild();
            if (rebuild == null) {
                return null;
            }
            Rebuild.Comparison found = rebuild.comparison();
            return new Progress(
                    rebuild.state().text(),
                    rebuild.generation(),
                    rebuild.replay() == null ? LOG : STORE,
                    rebuild.condition().text(),
                    rebuild.startedAt(),
                    rebuild.endedAt(),
                    status.done(),
                    status.total(),
                    Math.round(status.rate()),
                    status.etaSeconds(),
                    status.refused(),
                    found == null ? null : Comparison.of(found),
                    rebuild.reason());
        }
    }

    /** What the comparison of the new documents with those that were read came to. */
    @JsonPropertyOrder({"documents", "equal", "differences", "missing", "added", "changed", "moving", "examples"})
    record Comparison(
            long documents,
            long equal,
            long differences,
            long missing,
            long added,
            long changed,
            long moving,
            List<String> examples) {
        static Comparison of(Rebuild.Comparison found) {
            return new Comparison(
                    found.documents(),
                    found.equal(),
                    found.differences(),
                    found.missing(),
                    found.added(),
                    found.changed(),
                    found.moving(),
                    found.examples());
        }
    }

    @GetMapping(PATH)
    void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        checkCaller(request);
        checkOptions(new Faults(), request);
        response.setHeader("Cache-Control", "no-store");
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                new Answer(now().stream()
                        .flatMap(standing ->
                                rebuilds.of(standing.name()).stream().map(status -> Entry.of(standing, status)))
                        .toList()));
    }

    @GetMapping(PATH + "/{name}")
    void get(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        checkCaller(request);
        checkOptions(new Faults(), request);
        answer(response, HttpServletResponse.SC_OK, name);
    }

    /** Begins a rebuild. It goes on by itself; the answer's {@code Location} tells how far it is. */
    @PostMapping(PATH + "/{name}/rebuild")
    void rebuild(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        checkCaller(request);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        String condition = options.choice(
                "switch",
                Rebuild.Condition.COMPLETE.text(),
                Rebuild.Condition.EQUAL.text(),
                Rebuild.Condition.ALWAYS.text());
        boolean fromStore = options.choice("from", LOG, STORE).equals(STORE);
        options.rejectOthers();
        faults.throwIfAny();
        accept(rebuilds.begin(name, condition(condition), fromStore));
        response.setHeader("Location", PATH + "/" + name);
        answer(response, HttpServletResponse.SC_ACCEPTED, name);
    }

    private static Rebuild.Condition condition(String text) {
        for (Rebuild.Condition condition : Rebuild.Condition.values()) {
            if (condition.text().equals(text)) {
                return condition;
            }
        }
        throw new IllegalArgumentException("no such condition");
    }

    /** Ends the rebuild that is under way, or gives up the former generation. */
    @DeleteMapping(PATH + "/{name}/rebuild")
    void end(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        checkCaller(request);
        checkOptions(new Faults(), request);
        accept(rebuilds.end(name));
        answer(response, HttpServletResponse.SC_OK, name);
    }

    /** Has the generation read again that was read before. */
    @PostMapping(PATH + "/{name}/rollback")
    void rollBack(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        checkCaller(request);
        checkOptions(new Faults(), request);
        accept(rebuilds.rollBack(name));
        answer(response, HttpServletResponse.SC_OK, name);
    }

    private static void checkCaller(HttpServletRequest request) {
        Caller caller = Caller.of(request, Permission.ADMIN);
        if (!caller.application().equals(OPERATORS)) {
            throw ApiException.of(ErrorCode.FORBIDDEN, "only a key of the application default may see the projections");
        }
    }

    private static void checkOptions(Faults faults, HttpServletRequest request) {
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
    }

    /** Not through the gate of reads: this is what one looks at while it is shut. */
    private List<Standings.Standing> now() {
        return standings
                .now()
                .orElseThrow(() ->
                        ApiException.retryLater(ErrorCode.UNAVAILABLE, "the log or the read models do not answer", 1));
    }

    private void answer(HttpServletResponse response, int status, String name) throws IOException {
        Rebuilds.Status rebuild = rebuilds.of(name).orElseThrow(() -> unknown(name));
        Standings.Standing standing = now().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        response.setHeader("Cache-Control", "no-store");
        Answers.json(response, status, Entry.of(standing, rebuild));
    }

    private static ApiException unknown(String name) {
        return ApiException.of(ErrorCode.NOT_FOUND, "there is no projection " + QueryParameters.shown(name));
    }

    private static void accept(Rebuilds.Outcome outcome) {
        switch (outcome) {
            case Rebuilds.Outcome.Accepted(var status) -> {
                // The answer shows what is known when it is written.
            }
            case Rebuilds.Outcome.Refused(var reason, var detail) -> throw refused(reason, detail);
        }
    }

    private static ApiException refused(Rebuilds.Reason reason, String detail) {
        return switch (reason) {
            case UNKNOWN_MODEL -> ApiException.of(ErrorCode.NOT_FOUND, detail);
            case UNDER_WAY, NOTHING_FORMER, NOTHING_TO_END -> ApiException.of(ErrorCode.CONFLICT, detail);
            case SERVER_AWAY -> ApiException.retryLater(ErrorCode.UNAVAILABLE, detail, 1);
        };
    }
}
