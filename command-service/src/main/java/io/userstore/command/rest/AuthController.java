package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventStream;
import io.userstore.api.user.UserIds;
import io.userstore.command.application.InactiveSignin;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.PasswordHashing.Verdict;
import io.userstore.command.password.RawPassword;
import io.userstore.command.signin.SignInCommand.RecordFailure;
import io.userstore.command.signin.SignInCommand.RecordLogin;
import io.userstore.command.signin.SignInCommand.RecordSignOut;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.SignInsState;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.Commands;
import io.userstore.command.store.EventContext;
import io.userstore.command.store.Reservations;
import io.userstore.command.user.PasswordHash;
import io.userstore.command.user.UserCommand.UpgradePasswordHash;
import io.userstore.command.user.UserState;
import io.userstore.command.visibility.Visibility;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.Preferences;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sign in, sign out, and check a password again. */
@RestController
final class AuthController {
    private final Commands commands;
    private final AggregateStates states;
    private final Reservations reservations;
    private final PasswordHashing passwords;
    private final FailedSignIns failures;
    private final Visibility visibility;
    private final WriteAnswers answers;

    AuthController(
            Commands commands,
            AggregateStates states,
            Reservations reservations,
            PasswordHashing passwords,
            FailedSignIns failures,
            Visibility visibility,
            WriteAnswers answers) {
        this.commands = commands;
        this.states = states;
        this.reservations = reservations;
        this.passwords = passwords;
        this.failures = failures;
        this.visibility = visibility;
        this.answers = answers;
    }

    /** By whom a caller wants to be known; at most one of them is given. */
    private record SignInName(Reservations.Kind kind, String text) {}

    /** A user whose password has been checked. */
    private record Checked(UUID userId, UserState state) {}

    @PostMapping("/1/auth/signin")
    void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.AUTH);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        SignInName name = signInName(fields);
        RawPassword password = requiredPassword(fields);
        fields.rejectOthers();
        faults.throwIfAny();
        if (name == null || password == null) {
            throw new IllegalStateException("a missing name or password is a fault");
        }

        Optional<UUID> userId = reservations.holder(caller.application(), name.kind(), name.text());
        Checked user = check(userId.orElse(null), password, caller);
        Preferences preferences = Preferences.of(request);
        if (!user.state().active()) {
            if (deniesInactive(caller)) {
                throw ApiException.of(ErrorCode.FORBIDDEN, "the user is not active");
            }
            answerWithoutLogin(user, preferences, response);
            return;
        }
        recordLogin(user, caller, preferences, response);
    }

    private boolean deniesInactive(Caller caller) {
        return states.application(caller.application()).settings().inactiveSignin() == InactiveSignin.DENY;
    }

    private void recordLogin(Checked user, Caller caller, Preferences preferences, HttpServletResponse response)
            throws IOException {
        String userId = user.userId().toString();
        RecordLogin command = new RecordLogin(SignIns.idOf(userId), user.state().group(), caller.address());
        try (Visibility.Watch watch = visibility.watch(userId)) {
            SignInsState signIns = commands.send(command, context(caller));
            answers.settle(
                    watch, caller, user.userId(), EventStream.SIGN_INS, signIns.sequence(), preferences, response);
            answers.user(response, 200, Resources.of(userId, user.state(), signIns.lastLoginAt()), preferences);
        }
    }

    @PostMapping("/1/auth/confirm")
    void confirm(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.AUTH);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        String id = requiredId(fields);
        RawPassword password = requiredPassword(fields);
        fields.rejectOthers();
        faults.throwIfAny();
        if (password == null) {
            throw new IllegalStateException("a missing password is a fault");
        }
        Checked user = check(UserIds.parse(id).orElse(null), password, caller);
        answerWithoutLogin(user, Preferences.of(request), response);
    }

    private void answerWithoutLogin(Checked user, Preferences preferences, HttpServletResponse response)
            throws IOException {
        String userId = user.userId().toString();
        SignInsState signIns = states.signIns(userId);
        answers.user(response, 200, Resources.of(userId, user.state(), signIns.lastLoginAt()), preferences);
    }

    @PostMapping("/1/auth/signout")
    void signOut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.AUTH);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        String id = requiredId(fields);
        fields.rejectOthers();
        faults.throwIfAny();
        UUID userId = UserIds.parse(id).orElseThrow(Refusals::notFound);
        UserState state = states.user(userId.toString());
        if (!state.existsIn(caller.application())) {
            throw Refusals.notFound();
        }
        RecordSignOut command = new RecordSignOut(SignIns.idOf(userId.toString()), caller.address());
        Preferences preferences = Preferences.of(request);
        try (Visibility.Watch watch = visibility.watch(userId.toString())) {
            SignInsState signIns = commands.send(command, context(caller));
            answers.settle(watch, caller, userId, EventStream.SIGN_INS, signIns.sequence(), preferences, response);
            answers.user(response, 200, Resources.of(userId.toString(), state, signIns.lastLoginAt()), preferences);
        }
    }

    /**
     * Checks a password; for an unknown user it takes as long and fails in the same way.
     *
     * @throws ApiException {@link ErrorCode#INVALID_CREDENTIALS}
     */
    private Checked check(@Nullable UUID userId, RawPassword password, Caller caller) {
        // Also for a user who is not there, the store is asked once.
        UserState state = states.user((userId == null ? UserIds.next() : userId).toString());
        boolean known = userId != null && state.existsIn(caller.application());
        PasswordHash hash = known && !state.passwordHash().isEmpty() ? new PasswordHash(state.passwordHash()) : null;
        Verdict verdict = passwords.check(password, hash);
        if (userId != null && hash != null && verdict.matches()) {
            return new Checked(userId, verdict.upgrade() ? upgraded(userId, state, password, hash, caller) : state);
        }
        if (userId != null && known) {
            RecordFailure failure = new RecordFailure(SignIns.idOf(userId.toString()), state.group(), caller.address());
            failures.record(failure, context(caller));
        }
        throw ApiException.of(ErrorCode.INVALID_CREDENTIALS, "the name or the password is wrong");
    }

    /** A password that is right and was hashed with weaker settings than today's is hashed anew. */
    private UserState upgraded(UUID userId, UserState state, RawPassword password, PasswordHash old, Caller caller) {
        UpgradePasswordHash command =
                new UpgradePasswordHash(userId.toString(), caller.application(), old, passwords.hash(password));
        return switch (commands.send(command, context(caller))) {
            case Commands.UserResult.Done done -> done.after();
            case Commands.UserResult.Refused refused -> throw Refusals.of(refused);
            case Commands.UserResult.Taken taken -> state;
        };
    }

    private static Fields fields(HttpServletRequest request, Faults faults) throws IOException {
        new QueryParameters(request, faults).rejectOthers();
        return Body.read(request, faults);
    }

    private static @Nullable SignInName signInName(Fields fields) {
        String any = fields.line("signin_id", Fields.MAX_NAME).after(null);
        String email = fields.line("email", Fields.MAX_NAME).after(null);
        String username = fields.line("username", Fields.MAX_NAME).after(null);
        long given = Stream.of("signin_id", "email", "username")
                .filter(name -> !fields.isBlank(name))
                .count();
        if (given != 1) {
            fields.fault(
                    "signin_id",
                    given == 0 ? Kind.MISSING : Kind.INVALID,
                    "exactly one of signin_id, email and username is required");
        }
        if (any != null) {
            return new SignInName(any.contains("@") ? Reservations.Kind.EMAIL : Reservations.Kind.USERNAME, any);
        }
        if (email != null) {
            return new SignInName(Reservations.Kind.EMAIL, email);
        }
        if (username != null) {
            return new SignInName(Reservations.Kind.USERNAME, username);
        }
        return null;
    }

    private static String requiredId(Fields fields) {
        String id = fields.line("id", Fields.MAX_NAME).after(null);
        if (fields.isBlank("id")) {
            fields.fault("id", Kind.MISSING, "is required");
        }
        return id == null ? "" : id;
    }

    private static @Nullable RawPassword requiredPassword(Fields fields) {
        if (!fields.has("password")) {
            fields.fault("password", Kind.MISSING, "is required");
        }
        return fields.password("password");
    }

    private static EventContext context(Caller caller) {
        return new EventContext(caller.application(), caller.keyId(), caller.requestId());
    }
}
