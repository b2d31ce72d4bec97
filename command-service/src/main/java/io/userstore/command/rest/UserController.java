package io.userstore.command.rest;

import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventStream;
import io.userstore.api.user.UserIds;
import io.userstore.api.user.UserResource;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.password.RawPassword;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.Commands;
import io.userstore.command.store.Commands.UserResult;
import io.userstore.command.store.EventContext;
import io.userstore.command.user.Change;
import io.userstore.command.user.PasswordHash;
import io.userstore.command.user.Profile;
import io.userstore.command.user.UserCommand;
import io.userstore.command.user.UserCommand.CreateUser;
import io.userstore.command.user.UserCommand.DeleteUser;
import io.userstore.command.user.UserCommand.UpdateUser;
import io.userstore.command.user.UserDecisions;
import io.userstore.command.visibility.Visibility;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.Preferences;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** Create, change and delete users. */
@RestController
final class UserController {
    /** Fields of the user object that a client may send back, and that it cannot change. */
    private static final Set<String> READ_ONLY = Set.of(
            "id",
            "application",
            "is_email_verified",
            "validated",
            "confirmation",
            "last_signin",
            "updated_at",
            "created_at",
            "version");

    private final Commands commands;
    private final AggregateStates states;
    private final PasswordHashing passwords;
    private final PasswordSettings policy;
    private final Visibility visibility;
    private final WriteAnswers answers;

    UserController(
            Commands commands,
            AggregateStates states,
            PasswordHashing passwords,
            PasswordSettings policy,
            Visibility visibility,
            WriteAnswers answers) {
        this.commands = commands;
        this.states = states;
        this.passwords = passwords;
        this.policy = policy;
        this.visibility = visibility;
        this.answers = answers;
    }

    @PostMapping("/1/users")
    void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        Fields fields = Body.read(request, faults);
        Profile profile = newProfile(fields);
        String group = fields.line("group", Fields.MAX_NAME).after(null);
        Boolean active = fields.flag("is_active");
        RawPassword password = fields.newPassword("password", policy);
        requireForCreation(fields);
        fields.rejectOthers();
        faults.throwIfAny();
        if (password == null) {
            throw new IllegalStateException("a missing password is a fault");
        }

        PasswordHash hash = passwords.hash(password);
        UUID userId = UserIds.next();
        CreateUser command = new CreateUser(
                userId.toString(), caller.application(), profile, group, !Boolean.FALSE.equals(active), hash);
        Preferences preferences = Preferences.of(request);
        try (Visibility.Watch watch = visibility.watch(command.userId())) {
            UserResult.Done done = send(command, caller);
            long version = done.after().version();
            answers.settle(watch, caller, userId, EventStream.USER, version, preferences, response);
            response.setHeader("Location", "/1/users/" + userId);
            answers.user(response, 201, Resources.of(command.userId(), done.after(), null), preferences);
        }
    }

    /** The profile of a user that does not exist yet. */
    static Profile newProfile(Fields fields) {
        Map<String, Object> extra = new HashMap<>();
        fields.extra("extra").forEach((key, change) -> {
            Object value = change.after(null);
            if (value != null) {
                extra.put(key, value);
            }
        });
        if (extra.size() > UserDecisions.MAX_EXTRA_KEYS) {
            fields.fault("extra", Kind.TOO_LONG, "may have at most " + UserDecisions.MAX_EXTRA_KEYS + " keys");
        }
        return new Profile(
                fields.email("email").after(null),
                fields.username("username").after(null),
                fields.line("first_name", Fields.MAX_NAME).after(null),
                fields.line("last_name", Fields.MAX_NAME).after(null),
                extra);
    }

    private static void requireForCreation(Fields fields) {
        if (!fields.has("password")) {
            fields.fault("password", Kind.MISSING, "is required");
        }
        if (fields.isBlank("email") && fields.isBlank("username")) {
            fields.fault("email", Kind.MISSING, "an e-mail address or a user name is required");
        }
    }

    @PutMapping("/1/users/{id}")
    void put(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        update(id, request, response, false);
    }

    @PatchMapping("/1/users/{id}")
    void patch(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        update(id, request, response, true);
    }

    private void update(String id, HttpServletRequest request, HttpServletResponse response, boolean whole)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        UUID userId = UserIds.parse(id).orElseThrow(Refusals::notFound);
        UpdateUser command = toUpdate(userId, caller, request);
        Preferences preferences = Preferences.of(request);
        try (Visibility.Watch watch = visibility.watch(command.userId())) {
            UserResult.Done done = send(command, caller);
            if (done.after().version() > done.before().version()) {
                long version = done.after().version();
                answers.settle(watch, caller, userId, EventStream.USER, version, preferences, response);
            }
            if (whole || preferences.representation() || preferences.minimal()) {
                UserResource user = Resources.of(command.userId(), done.after(), lastSignin(userId));
                answers.user(response, 200, user, preferences);
            } else {
                response.setHeader("ETag", "\"" + done.after().version() + "\"");
                Answers.json(response, 200, Resources.changes(done.before(), done.after()));
            }
        }
    }

    private UpdateUser toUpdate(UUID userId, Caller caller, HttpServletRequest request) throws IOException {
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        Fields fields = Body.read(request, faults);
        Change<String> email = fields.email("email");
        Change<String> username = fields.username("username");
        Change<String> firstName = fields.line("first_name", Fields.MAX_NAME);
        Change<String> lastName = fields.line("last_name", Fields.MAX_NAME);
        Change<String> group = fields.line("group", Fields.MAX_NAME);
        Map<String, Change<Object>> extra = fields.extra("extra");
        Boolean active = fields.flag("is_active");
        RawPassword password = fields.newPassword("password", policy);
        fields.ignore(READ_ONLY);
        fields.rejectOthers();
        faults.throwIfAny();
        requireUser(userId, caller);
        Change<PasswordHash> hash = password == null ? Change.keep() : Change.to(passwords.hash(password));
        return new UpdateUser(
                userId.toString(),
                caller.application(),
                email,
                username,
                firstName,
                lastName,
                group,
                extra,
                fields.isCleared("extra"),
                hash,
                active,
                Preconditions.ifMatch(request));
    }

    /** Spares the hashing of a password for a user that is not there. */
    private void requireUser(UUID userId, Caller caller) {
        if (!states.user(userId.toString()).existsIn(caller.application())) {
            throw Refusals.notFound();
        }
    }

    @DeleteMapping("/1/users/{id}")
    void delete(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        UUID userId = UserIds.parse(id).orElseThrow(Refusals::notFound);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
        DeleteUser command = new DeleteUser(userId.toString(), caller.application(), Preconditions.ifMatch(request));
        Preferences preferences = Preferences.of(request);
        Instant lastSignin = lastSignin(userId);
        try (Visibility.Watch watch = visibility.watch(command.userId())) {
            UserResult.Done done = send(command, caller);
            long version = done.after().version();
            answers.settle(watch, caller, userId, EventStream.USER, version, preferences, response);
            answers.user(response, 200, Resources.of(command.userId(), done.before(), lastSignin), preferences);
        }
    }

    private @Nullable Instant lastSignin(UUID userId) {
        return states.signIns(userId.toString()).lastLoginAt();
    }

    private UserResult.Done send(UserCommand command, Caller caller) {
        EventContext context = new EventContext(caller.application(), caller.keyId(), caller.requestId());
        return switch (commands.send(command, context)) {
            case UserResult.Done done -> done;
            case UserResult.Refused refused -> throw Refusals.of(refused);
            case UserResult.Taken taken -> throw Refusals.of(taken);
        };
    }
}
