package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.command.application.ApplicationAggregate;
import io.userstore.command.application.ApplicationCommand;
import io.userstore.command.application.ApplicationCommand.ChangeSettings;
import io.userstore.command.application.ApplicationCommand.CreateApplication;
import io.userstore.command.application.ApplicationCommand.IssueKey;
import io.userstore.command.application.ApplicationCommand.RevokeKey;
import io.userstore.command.application.ApplicationCommand.RotateKey;
import io.userstore.command.application.ApplicationName;
import io.userstore.command.application.ApplicationSettings;
import io.userstore.command.application.ApplicationState;
import io.userstore.command.application.InactiveSignin;
import io.userstore.command.mail.Mailing;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.ApiKeyRefresh;
import io.userstore.command.store.ApiKeyRows;
import io.userstore.command.store.Commands;
import io.userstore.command.store.Commands.ApplicationResult;
import io.userstore.command.store.EventContext;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Applications and their keys. A key with the permission {@code admin} administrates its own application, and one of the
 * application {@code default} every application; to others an application is as unknown as one that is not there.
 */
@RestController
final class ApplicationController {
    private static final long DAY_SECONDS = 24 * 60 * 60;
    private static final long MAX_OVERLAP_SECONDS = 30 * DAY_SECONDS;
    private static final int MAX_PAGE = 1_000;

    /** Fields of an application that a client may send back, and that it cannot change. */
    private static final Set<String> READ_ONLY = Set.of("name", "updated_at", "created_at");

    private final Commands commands;
    private final AggregateStates states;
    private final ApiKeyRows rows;
    private final ApiKeyRefresh refresh;
    private final Mailing mailing;
    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();

    ApplicationController(
            Commands commands, AggregateStates states, ApiKeyRows rows, ApiKeyRefresh refresh, Mailing mailing) {
        this.commands = commands;
        this.states = states;
        this.rows = rows;
        this.refresh = refresh;
        this.mailing = mailing;
    }

    @GetMapping("/1/applications")
    void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.ADMIN);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        int limit = (int) options.number("limit", 100, 1, MAX_PAGE);
        String after = options.text("after");
        options.rejectOthers();
        faults.throwIfAny();
        if (!isOfDefault(caller)) {
            List<ApplicationResources.Application> own = after == null || after.compareTo(caller.application()) < 0
                    ? List.of(ApplicationResources.of(states.application(caller.application())))
                    : List.of();
            answer(
                    response,
                    new ApplicationResources.Applications(new ApplicationResources.Paging(null, null, 1), own));
            return;
        }
        List<String> names = rows.applications(after, limit + 1);
        List<String> page = names.subList(0, Math.min(limit, names.size()));
        String last = names.size() > limit ? page.getLast() : null;
        String next = last == null ? null : request.getRequestURL() + "?limit=" + limit + "&after=" + last;
        ApplicationResources.Paging paging = new ApplicationResources.Paging(next, last, rows.countApplications());
        List<ApplicationResources.Application> data = page.stream()
                .map(name -> ApplicationResources.of(states.application(name)))
                .toList();
        answer(response, new ApplicationResources.Applications(paging, data));
    }

    @PostMapping("/1/applications")
    void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.ADMIN);
        if (!isOfDefault(caller)) {
            throw ApiException.of(ErrorCode.FORBIDDEN, "only a key of the application default may make applications");
        }
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        String name = fields.line("name", Fields.MAX_NAME).after(null);
        if (fields.isBlank("name")) {
            fields.fault("name", Kind.MISSING, "is required");
        } else if (name != null && ApplicationName.parse(name).isEmpty()) {
            fields.fault("name", Kind.INVALID, "must have 1 to 63 of a-z, 0-9 and dashes, the first no dash");
        }
        InactiveSignin inactiveSignin = inactiveSignin(fields);
        ApplicationMailFields mail = ApplicationMailFields.of(fields, name == null ? "" : name, mailing);
        fields.rejectOthers();
        faults.throwIfAny();
        if (name == null) {
            throw new IllegalStateException("a missing name is a fault");
        }
        ApplicationSettings settings = new ApplicationSettings(
                inactiveSignin == null ? ApplicationSettings.DEFAULTS.inactiveSignin() : inactiveSignin,
                mail.from().after(null),
                mail.server().after(null));
        ApplicationState made = send(new CreateApplication(ApplicationAggregate.idOf(name), name, settings), caller);
        response.setHeader("Location", "/1/applications/" + name);
        Answers.json(response, HttpServletResponse.SC_CREATED, ApplicationResources.of(made));
    }

    @GetMapping("/1/applications/{name}")
    void get(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        administrator(request, name);
        answer(response, ApplicationResources.of(application(request, name)));
    }

    @PatchMapping("/1/applications/{name}")
    void change(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = administrator(request, name);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        InactiveSignin inactiveSignin = inactiveSignin(fields);
        ApplicationMailFields mail = ApplicationMailFields.of(fields, name, mailing);
        fields.ignore(READ_ONLY);
        fields.rejectOthers();
        faults.throwIfAny();
        ChangeSettings command =
                new ChangeSettings(ApplicationAggregate.idOf(name), inactiveSignin, mail.from(), mail.server());
        ApplicationState changed = send(command, caller);
        Answers.json(response, HttpServletResponse.SC_OK, ApplicationResources.of(changed));
    }

    @GetMapping("/1/applications/{name}/keys")
    void keys(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        administrator(request, name);
        ApplicationState application = application(request, name);
        List<ApplicationResources.Key> valid = application.keys().entrySet().stream()
                .filter(key -> key.getValue().isValidAt(clock.instant()))
                .map(key -> ApplicationResources.of(application, key.getKey(), key.getValue(), null, null))
                .toList();
        answer(response, new ApplicationResources.Keys(valid));
    }

    @PostMapping("/1/applications/{name}/keys")
    void issue(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = administrator(request, name);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        Set<String> permissions = permissions(fields);
        String keyName = fields.line("name", Fields.MAX_NAME).after(null);
        fields.rejectOthers();
        faults.throwIfAny();
        NewKey key = NewKey.random(random);
        IssueKey command = new IssueKey(
                ApplicationAggregate.idOf(name), key.id(), key.digest(), permissions, keyName, permissionsOf(caller));
        ApplicationState after = send(command, caller);
        answerMade(response, after, key, null);
    }

    @PostMapping("/1/applications/{name}/keys/{id}/rotate")
    void rotate(
            @PathVariable("name") String name,
            @PathVariable("id") String keyId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Caller caller = administrator(request, name);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        long overlap = fields.wholeNumber("overlap_seconds", DAY_SECONDS, 0, MAX_OVERLAP_SECONDS);
        fields.rejectOthers();
        faults.throwIfAny();
        NewKey key = NewKey.random(random);
        RotateKey command = new RotateKey(
                ApplicationAggregate.idOf(name),
                keyId,
                key.id(),
                key.digest(),
                Duration.ofSeconds(overlap),
                permissionsOf(caller));
        ApplicationState after = send(command, caller);
        ApplicationState.Key old = after.keys().get(keyId);
        answerMade(
                response, after, key, new ApplicationResources.Replaced(keyId, old == null ? null : old.expiresAt()));
    }

    @DeleteMapping("/1/applications/{name}/keys/{id}")
    void revoke(
            @PathVariable("name") String name,
            @PathVariable("id") String keyId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Caller caller = administrator(request, name);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
        send(new RevokeKey(ApplicationAggregate.idOf(name), keyId), caller);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private static void answer(HttpServletResponse response, Object body) throws IOException {
        response.setHeader("Cache-Control", "private, no-cache");
        Answers.json(response, HttpServletResponse.SC_OK, body);
    }

    private static void answerMade(
            HttpServletResponse response,
            ApplicationState after,
            NewKey made,
            ApplicationResources.@Nullable Replaced replaces)
            throws IOException {
        ApplicationState.Key key = after.keys().get(made.id());
        if (key == null) {
            throw new IllegalStateException("a key that was made is there");
        }
        response.setHeader("Location", "/1/applications/" + after.name() + "/keys/" + made.id());
        response.setHeader("Cache-Control", "no-store");
        ApplicationResources.Key body = ApplicationResources.of(after, made.id(), key, made, replaces);
        Answers.json(response, HttpServletResponse.SC_CREATED, body);
    }

    /** The caller, who may administrate the application of that name if there is one. */
    private static Caller administrator(HttpServletRequest request, String name) {
        Caller caller = Caller.of(request, Permission.ADMIN);
        boolean may = isOfDefault(caller) || caller.application().equals(name);
        if (!may || ApplicationName.parse(name).isEmpty()) {
            throw Refusals.noSuchApplication();
        }
        return caller;
    }

    private static boolean isOfDefault(Caller caller) {
        return caller.application().equals(ApplicationState.DEFAULT);
    }

    private ApplicationState application(HttpServletRequest request, String name) {
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
        ApplicationState application = states.application(name);
        if (!application.exists()) {
            throw Refusals.noSuchApplication();
        }
        return application;
    }

    private static @Nullable InactiveSignin inactiveSignin(Fields fields) {
        String text = fields.line("inactive_signin", Fields.MAX_NAME).after(null);
        if (text == null) {
            return null;
        }
        InactiveSignin value = InactiveSignin.named(text).orElse(null);
        if (value == null) {
            fields.fault("inactive_signin", Kind.INVALID, "must be allow or deny");
        }
        return value;
    }

    private static Set<String> permissions(Fields fields) {
        Set<String> names = fields.words("permissions");
        if (names.isEmpty()) {
            fields.fault("permissions", Kind.MISSING, "at least one is required");
        } else if (names.stream().anyMatch(name -> Permission.named(name).isEmpty())) {
            String known =
                    Arrays.stream(Permission.values()).map(Permission::text).collect(Collectors.joining(", "));
            fields.fault("permissions", Kind.INVALID, "may be " + known);
        }
        return names;
    }

    private static Set<String> permissionsOf(Caller caller) {
        return caller.permissions().stream().map(Permission::text).collect(Collectors.toUnmodifiableSet());
    }

    private ApplicationState send(ApplicationCommand command, Caller caller) {
        EventContext context = new EventContext(caller.application(), caller.keyId(), caller.requestId());
        return switch (commands.send(command, context)) {
            case ApplicationResult.Done done -> {
                refresh.refresh();
                yield done.after();
            }
            case ApplicationResult.Refused refused -> throw Refusals.of(refused);
        };
    }

    private static Fields fields(HttpServletRequest request, Faults faults) throws IOException {
        new QueryParameters(request, faults).rejectOthers();
        return Body.read(request, faults);
    }
}
