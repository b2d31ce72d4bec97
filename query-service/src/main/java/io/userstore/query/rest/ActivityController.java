package io.userstore.query.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.user.UserIds;
import io.userstore.query.activity.ActivityReads;
import io.userstore.query.projection.Served;
import io.userstore.query.projection.Serving;
import io.userstore.query.users.UserReads;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /1/users/{id}/activity}. */
@RestController
final class ActivityController {
    private final ReadGate gate;
    private final Served<UserReads> users;
    private final Served<ActivityReads> activity;

    ActivityController(ReadGate gate, Served<UserReads> users, Served<ActivityReads> activity) {
        this.gate = gate;
        this.users = users;
        this.activity = activity;
    }

    @GetMapping("/1/users/{id}/activity")
    void activity(@PathVariable("id") String text, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_READ);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        Paging.Asked asked = Paging.Asked.of(options, faults);
        options.rejectOthers();
        Serving serving = gate.pass(request, caller, ReadGate.Model.ACTIVITY, faults);
        UUID id = UserIds.parse(text)
                .filter(parsed ->
                        users.in(serving).byId(caller.application(), parsed).isPresent())
                .orElseThrow(() -> ApiException.of(ErrorCode.USER_NOT_FOUND));
        ActivityReads.Page page =
                activity.in(serving).of(caller.application(), id, asked.limit(), asked.after(), asked.before());
        Paging paging = Paging.of(request, page.after(), page.before(), page.totalCount());
        Answers.json(response, HttpServletResponse.SC_OK, new Paging.Page<>(paging, page.entries()));
    }
}
