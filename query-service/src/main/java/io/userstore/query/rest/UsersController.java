package io.userstore.query.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.user.Text;
import io.userstore.api.user.UserIds;
import io.userstore.api.user.UserResource;
import io.userstore.query.activity.UserPast;
import io.userstore.query.projection.Served;
import io.userstore.query.projection.Serving;
import io.userstore.query.users.UserFilter;
import io.userstore.query.users.UserOrder;
import io.userstore.query.users.UserPage;
import io.userstore.query.users.UserQuery;
import io.userstore.query.users.UserReads;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /1/users} and {@code GET /1/users/{id}}. */
@RestController
final class UsersController {
    private static final int MAX_TEXT = 256;

    private final ReadGate gate;
    private final Served<UserReads> users;
    private final Served<UserPast> past;

    UsersController(ReadGate gate, Served<UserReads> users, Served<UserPast> past) {
        this.gate = gate;
        this.users = users;
        this.past = past;
    }

    @GetMapping("/1/users/{id}")
    void get(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_READ);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        String queryBy = options.choice("query_by", "id", "email", "username");
        Moment moment = Moment.of(options, faults);
        options.rejectOthers();
        if (!Text.isCleanLine(id) || id.indexOf('\uFFFD') >= 0) {
            faults.add("id", Kind.INVALID, "contains characters that no id, address or name has");
        }
        Serving serving = gate.pass(request, caller, ReadGate.Model.USERS, faults);
        UserResource present =
                find(users.in(serving), caller.application(), queryBy, id).orElseThrow(UsersController::notFound);
        UserResource user = moment.isPresent() ? present : then(request, caller, present, moment);
        response.setHeader("ETag", user.etag());
        response.setHeader("Cache-Control", "private, no-cache");
        if (EntityTags.noneMatchNames(request, user.etag())) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        Answers.json(response, HttpServletResponse.SC_OK, user);
    }

    /** Which state of a user is asked for: at a time, at a version, or when neither is given, the present one. */
    private record Moment(@Nullable Instant asOf, @Nullable Long version) {
        static Moment of(QueryParameters options, Faults faults) {
            Instant asOf = options.time("as_of");
            Long version = options.text("version") == null ? null : options.number("version", 1, 1, Long.MAX_VALUE);
            if (options.text("as_of") != null && version != null) {
                faults.add("version", Kind.INVALID, "not together with as_of");
            }
            return new Moment(asOf, version);
        }

        boolean isPresent() {
            return asOf == null && version == null;
        }
    }

    private UserResource then(HttpServletRequest request, Caller caller, UserResource present, Moment moment) {
        if (moment.version() != null && moment.version() > present.version()) {
            throw ApiException.validation(List.of(new FieldFault(
                    "version", Kind.INVALID, "beyond the present, which is version " + present.version())));
        }
        UUID id = UUID.fromString(present.id());
        // The past is read from another read model than the present: it has to have come as far.
        Serving serving = gate.awaitVersion(request, caller, id, present.version(), ReadGate.Model.ACTIVITY);
        Optional<UserResource> then = moment.version() == null
                ? past.in(serving).asOf(caller.application(), id, Objects.requireNonNull(moment.asOf()))
                : past.in(serving).at(caller.application(), id, moment.version());
        return then.orElseThrow(UsersController::notFound);
    }

    private static ApiException notFound() {
        return ApiException.of(ErrorCode.USER_NOT_FOUND);
    }

    private static Optional<UserResource> find(UserReads users, String application, String queryBy, String text) {
        return switch (queryBy) {
            case "email" -> users.byEmail(application, text);
            case "username" -> users.byUsername(application, text);
            default -> UserIds.parse(text).flatMap(id -> users.byId(application, id));
        };
    }

    @GetMapping("/1/users")
    void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_READ);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        Paging.Asked asked = Paging.Asked.of(options, faults);
        UserOrder order = order(options);
        UserFilter filter = filter(options, faults);
        String place = options.text(Paging.PLACE);
        options.rejectOthers();
        Serving serving = gate.pass(request, caller, ReadGate.Model.USERS, faults);
        UserPage page = users.in(serving)
                .list(new UserQuery(
                        caller.application(), filter, order, asked.limit(), asked.after(), asked.before(), place))
                .orElseThrow(() -> ApiException.validation(List.of(
                        place == null
                                ? new FieldFault(asked.cursorName(), Kind.INVALID, "names no user")
                                : new FieldFault(Paging.PLACE, Kind.INVALID, "is no place of this cursor and order"))));
        Paging paging = Paging.of(
                request, page.after(), page.afterPlace(), page.before(), page.beforePlace(), page.totalCount());
        Answers.json(response, HttpServletResponse.SC_OK, new Paging.Page<>(paging, page.users()));
    }

    /** Which users are meant; the same for a list and an export. */
    static UserFilter filter(QueryParameters options, Faults faults) {
        return new UserFilter(
                text(options, "group", faults),
                options.flag("active"),
                options.flag("email_verified"),
                options.flag("pending"),
                prefix(options, faults),
                options.time("created_after"),
                options.time("created_before"),
                options.time("last_signin_before"),
                identity(options, faults));
    }

    private static UserOrder order(QueryParameters options) {
        String[] texts = Arrays.stream(UserOrder.values()).map(UserOrder::text).toArray(String[]::new);
        return UserOrder.values()[Arrays.asList(texts).indexOf(options.choice("sort", texts))];
    }

    private static @Nullable String prefix(QueryParameters options, Faults faults) {
        String text = text(options, "q", faults);
        return text == null || Text.key(text).isEmpty() ? null : text;
    }

    /** Both of its options or none. */
    private static UserFilter.@Nullable Identity identity(QueryParameters options, Faults faults) {
        String provider = text(options, "provider", faults);
        String clientId = text(options, "client_id", faults);
        if (provider != null && clientId != null) {
            return new UserFilter.Identity(provider, clientId);
        }
        if (provider != null || clientId != null) {
            faults.add(provider == null ? "provider" : "client_id", Kind.MISSING, "provider and client_id go together");
        }
        return null;
    }

    private static @Nullable String text(QueryParameters options, String name, Faults faults) {
        String text = options.text(name);
        if (text != null && text.length() > MAX_TEXT) {
            faults.add(name, Kind.TOO_LONG, "at most " + MAX_TEXT + " characters");
        }
        return text;
    }
}
