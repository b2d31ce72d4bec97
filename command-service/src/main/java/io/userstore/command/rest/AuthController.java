package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventStream;
import io.userstore.api.user.UserIds;
import io.userstore.api.user.UserResource;
import io.userstore.command.application.InactiveSignin;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.PasswordHashing.Verdict;
import io.userstore.command.password.RawPassword;
import io.userstore.command.signin.LockoutPolicy;
import io.userstore.command.signin.SignInCommand.Check;
import io.userstore.command.signin.SignInCommand.RecordFailure;
import io.userstore.command.signin.SignInCommand.RecordLogin;
import io.userstore.command.signin.SignInCommand.RecordSignOut;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.SignInsState;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.Commands;
import io.userstore.command.store.EventContext;
import io.userstore.command.store.Reservations;
import io.userstore.command.store.Reservations.Holder;
import io.userstore.command.user.PasswordHash;
import io.userstore.command.user.ProviderLink;
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
import java.time.Instant;
import java.util.List;
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
    private final ProviderTokens tokens;
    private final LockoutPolicy lockout;

    AuthController(
            Commands commands,
            AggregateStates states,
            Reservations reservations,
            PasswordHashing passwords,
            FailedSignIns failures,
            Visibility visibility,
            WriteAnswers answers,
            ProviderTokens tokens,
            LockoutSettings lockout) {
        this.commands = commands;
        this.states = states;
        this.reservations = reservations;
        this.passwords = passwords;
        this.failures = failures;
        this.visibility = visibility;
        this.answers = answers;
        this.tokens = tokens;
        this.lockout = lockout.policy();
    }

    private static final String PROVIDER = "provider";
    private static final String CLIENT_ID = "client_id";

    /** By whom a caller wants to be known; at most one of them is given. */
    private record SignInName(Reservations.Kind kind, String text) {}

    /**
     * Somebody who wants to be let in, by a password that is to be checked or by the word of a provider.
     *
     * @param userId null where there is nobody
     * @param recording how far the user's streams have come, when a right password is going to be recorded; otherwise null
     * @param spared whether the store was not asked for the state: a refusal catches up on that, so that its time tells nothing
     */
    private record Claimant(
            @Nullable UUID userId,
            UserState state,
            @Nullable Holder recording,
            boolean spared) {
        static final Claimant NOBODY = new Claimant(null, UserState.NONE, null, true);
    }

    /** A user whose password has been checked. */
    private record Checked(UUID userId, UserState state) {}

    @PostMapping("/1/auth/signin")
    void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.AUTH);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        if (fields.has(PROVIDER)) {
            signInByProvider(fields, faults, caller, Preferences.of(request), response);
            return;
        }
        SignInName name = signInName(fields);
        RawPassword password = requiredPassword(fields);
        fields.rejectOthers();
        faults.throwIfAny();
        if (name == null || password == null) {
            throw new IllegalStateException("a missing name or password is a fault");
        }

        Optional<Holder> holder = reservations.holder(caller.application(), name.kind(), name.text());
        Checked user = check(holder.map(this::claimant).orElse(Claimant.NOBODY), password, caller);
        finishSignIn(user, null, caller, Preferences.of(request), response);
    }

    private Claimant claimant(Holder holder) {
        UUID userId = holder.userId();
        return states.remembered(holder)
                .map(state -> new Claimant(userId, state, holder, true))
                .orElseGet(() -> new Claimant(userId, states.user(userId.toString()), holder, false));
    }

    private boolean deniesInactive(Caller caller) {
        return states.application(caller.application()).settings().inactiveSignin() == InactiveSignin.DENY;
    }

    /** The provider has told the application who it is; nobody has to prove anything here. Locks are for passwords. */
    private void signInByProvider(
            Fields fields, Faults faults, Caller caller, Preferences preferences, HttpServletResponse response)
            throws IOException {
        String provider = ProviderFields.provider(fields, PROVIDER);
        String clientId = fields.exact(CLIENT_ID, ProviderFields.MAX_CLIENT_ID).after(null);
        for (String name : List.of(PROVIDER, CLIENT_ID)) {
            if (fields.isBlank(name)) {
                fields.fault(name, Kind.MISSING, "is required");
            }
        }
        fields.rejectOthers();
        faults.throwIfAny();
        if (provider == null || clientId == null) {
            throw new IllegalStateException("a missing provider or client id is a fault");
        }
        Holder holder = reservations
                .linkedTo(caller.application(), provider, clientId)
                .orElseThrow(AuthController::invalidIdentity);
        UserState state = claimant(holder).state();
        if (!state.existsIn(caller.application()) || !state.links().containsKey(provider)) {
            throw invalidIdentity();
        }
        finishSignIn(new Checked(holder.userId(), state), provider, caller, preferences, response);
    }

    private static ApiException invalidIdentity() {
        return ApiException.of(ErrorCode.INVALID_CREDENTIALS, "nobody is linked to this identity at the provider");
    }

    /** @param provider the provider that vouched, or null when it was a password */
    private void finishSignIn(
            Checked user,
            @Nullable String provider,
            Caller caller,
            Preferences preferences,
            HttpServletResponse response)
            throws IOException {
        if (!user.state().active()) {
            if (deniesInactive(caller)) {
                throw ApiException.of(ErrorCode.FORBIDDEN, "the user is not active");
            }
            SignInsState signIns = states.signIns(user.userId().toString());
            answer(user, provider, signIns, preferences, response);
            return;
        }
        String userId = user.userId().toString();
        RecordLogin command = new RecordLogin(
                SignIns.idOf(userId),
                user.state().group(),
                caller.address(),
                provider,
                provider == null ? now(user.state()) : null);
        try (Visibility.Watch watch = visibility.watch(userId)) {
            SignIns.Outcome outcome = commands.send(command, context(caller));
            if (!outcome.recorded()) {
                throw wrong();
            }
            SignInsState signIns = outcome.after();
            answers.settle(
                    watch, caller, user.userId(), EventStream.SIGN_INS, signIns.sequence(), preferences, response);
            answer(user, provider, signIns, preferences, response);
        }
    }

    private void answer(
            Checked user,
            @Nullable String provider,
            SignInsState signIns,
            Preferences preferences,
            HttpServletResponse response)
            throws IOException {
        String userId = user.userId().toString();
        UserResource resource = Resources.of(userId, user.state(), signIns.lastLoginAt());
        ProviderLink link = provider == null ? null : user.state().links().get(provider);
        if (provider == null || link == null) {
            answers.user(response, 200, resource, preferences);
            return;
        }
        String token = tokens.open(link, userId, provider);
        ProviderResource oauth = ProviderResource.of(provider, link, token, Instant.now());
        answers.user(response, 200, resource, new ProviderResource.SignedIn(resource, oauth), preferences);
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
        UUID userId = UserIds.parse(id).orElse(null);
        // Also for a user who cannot be, the store is asked.
        UserState state = states.user((userId == null ? UserIds.next() : userId).toString());
        Checked user = check(new Claimant(userId, state, null, false), password, caller);
        SignInsState signIns = states.signIns(user.userId().toString());
        answer(user, null, signIns, Preferences.of(request), response);
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
            SignInsState signIns = commands.send(command, context(caller)).after();
            answers.settle(watch, caller, userId, EventStream.SIGN_INS, signIns.sequence(), preferences, response);
            answers.user(response, 200, Resources.of(userId.toString(), state, signIns.lastLoginAt()), preferences);
        }
    }

    /**
     * Checks a password; for an unknown user and for a locked one it takes as long and fails in the same way.
     *
     * <p>Whether the user is locked is asked after the hash, so that guesses that were sent together do not all pass
     * before the first of them is recorded; see ADR 026 for how many can.
     *
     * @throws ApiException {@link ErrorCode#INVALID_CREDENTIALS}
     */
    private Checked check(Claimant claimant, RawPassword password, Caller caller) {
        UUID userId = claimant.userId();
        UserState state = claimant.state();
        // Also for a user who is not there, the store is asked.
        String id = (userId == null ? UserIds.next() : userId).toString();
        boolean known = userId != null && state.existsIn(caller.application());
        PasswordHash hash = known && !state.passwordHash().isEmpty() ? new PasswordHash(state.passwordHash()) : null;
        Verdict verdict = passwords.check(password, hash);
        Holder recording = verdict.matches() && state.active() ? claimant.recording() : null;
        boolean refused = isLocked(id, state, known && !verdict.matches(), recording, caller);
        if (userId != null && hash != null && verdict.matches() && !refused) {
            return new Checked(userId, verdict.upgrade() ? upgraded(userId, state, password, hash, caller) : state);
        }
        if (claimant.spared()) {
            states.user(id);
        }
        throw wrong();
    }

    private static ApiException wrong() {
        return ApiException.of(ErrorCode.INVALID_CREDENTIALS, "the name or the password is wrong");
    }

    private Check now(UserState state) {
        return new Check(state.passwordVersion(), Instant.now(), lockout);
    }

    /**
     * Whether passwords of the user are refused now: the user is locked, or will be once the failures that this instance
     * has answered are recorded. A wrong password of a locked user is not recorded: the history would grow without end.
     *
     * @param recording not null for a right password that is going to be recorded if the user is not locked: then the state in
     *     memory will do, since what is recorded goes on from the latest state or is decided anew
     */
    private boolean isLocked(String userId, UserState state, boolean wrong, @Nullable Holder recording, Caller caller) {
        Check check = now(state);
        try (FailedSignIns.Ticket ticket = failures.ticket(SignIns.idOf(userId), wrong)) {
            SignInsState signIns = Optional.ofNullable(ticket.before() == 0 ? recording : null)
                    .flatMap(states::rememberedSignIns)
                    .filter(remembered -> !remembered.locked(check))
                    .orElseGet(() -> states.signIns(userId));
            int failed = signIns.failuresOf(state.passwordVersion()) + ticket.before();
            boolean locked = signIns.locked(check);
            if (wrong && !locked) {
                ticket.record(
                        new RecordFailure(SignIns.idOf(userId), state.group(), caller.address(), check),
                        context(caller));
            }
            return locked || ticket.before() > 0 && lockout.locksAfter(failed);
        }
    }

    /** A password that is right and was hashed otherwise than today is hashed anew. */
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
