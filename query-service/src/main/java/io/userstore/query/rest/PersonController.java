package io.userstore.query.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.json.Json;
import io.userstore.api.user.UserIds;
import io.userstore.api.user.UserResource;
import io.userstore.query.activity.PersonHistory;
import io.userstore.query.projection.Served;
import io.userstore.query.projection.Serving;
import io.userstore.query.users.UserReads;
import io.userstore.web.BrokenOffException;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;

/**
 * {@code GET /1/users/{id}/export}: everything that is kept of one person as one JSON document. The history is read and sent
 * page by page, so that memory holds one page however long it is.
 */
@RestController
final class PersonController {
    private static final Logger LOG = LoggerFactory.getLogger(PersonController.class);
    private static final int PAGE = 500;

    private final ReadGate gate;
    private final Served<UserReads> users;
    private final Served<PersonHistory> history;

    PersonController(ReadGate gate, Served<UserReads> users, Served<PersonHistory> history) {
        this.gate = gate;
        this.users = users;
        this.history = history;
    }

    @GetMapping("/1/users/{id}/export")
    void export(@PathVariable("id") String text, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_READ);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        Serving serving = gate.pass(request, caller, ReadGate.Model.ACTIVITY, faults);
        UserResource user = UserIds.parse(text)
                .flatMap(id -> users.in(serving).byId(caller.application(), id))
                .orElseThrow(() -> ApiException.of(ErrorCode.USER_NOT_FOUND));
        UUID id = UUID.fromString(user.id());
        List<UserReads.Link> links = users.in(serving).links(caller.application(), id);
        List<PersonHistory.Entry> page = history.in(serving).following(caller.application(), id, 0, PAGE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        try (JsonGenerator json = Json.MAPPER
                .writer()
                .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .without(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                .createGenerator(response.getOutputStream())) {
            json.writeStartObject();
            json.writePOJOProperty("user", user);
            json.writePOJOProperty("auth_providers", links);
            json.writeArrayPropertyStart("history");
            while (!page.isEmpty()) {
                page.forEach(json::writePOJO);
                long last = page.getLast().position();
                // It may take longer than a generation lives.
                Serving next = gate.pass(request, caller, ReadGate.Model.ACTIVITY, faults);
                page = page.size() < PAGE
                        ? List.of()
                        : history.in(next).following(caller.application(), id, last, PAGE);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                response.resetBuffer();
                throw e;
            }
            LOG.error("the export of a person was broken off: {}", e.getClass().getName());
            throw new BrokenOffException();
        }
    }
}
