package io.userstore.query.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.query.projection.Standings;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /1/projections}. */
@RestController
final class ProjectionsController {
    /** The views hold all applications together, and only this one's keys may know of the others. */
    private static final String OPERATORS = "default";

    private final Standings standings;

    ProjectionsController(Standings standings) {
        this.standings = standings;
    }

    /** The answer. */
    record Answer(List<Entry> data) {}

    /** One projection; the state in lower case. */
    @JsonPropertyOrder({"name", "version", "applied", "lag_events", "lag_seconds", "state"})
    record Entry(
            String name,
            int version,
            long applied,
            @JsonProperty("lag_events") long lagEvents,
            @JsonProperty("lag_seconds") double lagSeconds,
            String state) {
        static Entry of(Standings.Standing standing) {
            return new Entry(
                    standing.name(),
                    standing.version(),
                    standing.applied(),
                    standing.lagEvents(),
                    standing.lagSeconds(),
                    standing.state().name().toLowerCase(Locale.ROOT));
        }
    }

    @GetMapping("/1/projections")
    void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.ADMIN);
        if (!caller.application().equals(OPERATORS)) {
            throw ApiException.of(ErrorCode.FORBIDDEN, "only a key of the application default may see the projections");
        }
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
        // Not through the gate of reads: this is what one looks at while it is shut.
        List<Standings.Standing> now = standings
                .now()
                .orElseThrow(() ->
                        ApiException.retryLater(ErrorCode.UNAVAILABLE, "the log or the read models do not answer", 1));
        response.setHeader("Cache-Control", "no-store");
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                new Answer(now.stream().map(Entry::of).toList()));
    }
}
