package io.userstore.query.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.userstore.api.error.Faults;
import io.userstore.api.json.Json;
import io.userstore.api.user.UserResource;
import io.userstore.query.projection.Served;
import io.userstore.query.projection.Serving;
import io.userstore.query.users.UserFilter;
import io.userstore.query.users.UserReads;
import io.userstore.web.BrokenOffException;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /1/users/export}: all users, one per line, in the order of creation. Reads a page, sends it, and only then
 * reads the next, so that however many there are and however slow the client is, memory holds one page and the database
 * nothing. With {@code query_by} the address means the user of that name.
 */
@RestController
final class ExportController {
    private static final Logger LOG = LoggerFactory.getLogger(ExportController.class);
    private static final String NDJSON = "application/x-ndjson";
    private static final int PAGE = 500;

    private final ReadGate gate;
    private final Served<UserReads> users;
    private final UsersController single;

    ExportController(ReadGate gate, Served<UserReads> users, UsersController single) {
        this.gate = gate;
        this.users = users;
        this.single = single;
    }

    /** A user object, and the cursor to go on behind it. */
    record Line(@JsonUnwrapped UserResource user, long cursor) {}

    @GetMapping("/1/users/export")
    void export(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_READ);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        if (options.has("query_by")) {
            single.get("export", request, response);
            return;
        }
        UserFilter filter = UsersController.filter(options, faults);
        long after = options.number("after", 0, 0, Long.MAX_VALUE - 1);
        options.rejectOthers();
        Serving serving = gate.pass(request, caller, ReadGate.Model.USERS, faults);
        List<UserReads.Placed> page = users.in(serving).following(caller.application(), filter, after, PAGE);
        response.setContentType(NDJSON);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        try {
            while (!page.isEmpty()) {
                response.getOutputStream().write(lines(page));
                long last = page.getLast().cursor();
                // An export may take longer than a generation lives.
                serving = gate.pass(request, caller, ReadGate.Model.USERS, faults);
                page = page.size() < PAGE
                        ? List.of()
                        : users.in(serving).following(caller.application(), filter, last, PAGE);
            }
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                throw e;
            }
            LOG.error("an export was broken off: {}", e.getClass().getName());
            throw new BrokenOffException();
        }
    }

    private static byte[] lines(List<UserReads.Placed> page) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (UserReads.Placed placed : page) {
            lines.writeBytes(Json.MAPPER.writeValueAsBytes(new Line(placed.user(), placed.cursor())));
            lines.write('\n');
        }
        return lines.toByteArray();
    }
}
