package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventStream;
import io.userstore.api.user.UserIds;
import io.userstore.command.code.Code;
import io.userstore.command.code.CodeGenerator;
import io.userstore.command.code.NewCode;
import io.userstore.command.mail.MailContent;
import io.userstore.command.mail.MailKind;
import io.userstore.command.mail.MailRequest;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.password.RawPassword;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.Codes;
import io.userstore.command.store.Commands;
import io.userstore.command.store.Commands.UserResult;
import io.userstore.command.store.EventContext;
import io.userstore.command.store.Reservations;
import io.userstore.command.store.Reservations.Holder;
import io.userstore.command.user.CodePurpose;
import io.userstore.command.user.UserCommand;
import io.userstore.command.user.UserCommand.RequestConfirmation;
import io.userstore.command.user.UserCommand.RequestPasswordReset;
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
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Verification of e-mail addresses, confirmation, and reset of passwords. */
@RestController
final class CodeController {
    private static final int MAX_CODE = 256;

    private final Commands commands;
    private final AggregateStates states;
    private final Reservations reservations;
    private final CodeGenerator codes;
    private final CodeUses uses;
    private final ForgottenPasswords forgotten;
    private final MailOptions mails;
    private final PasswordSettings policy;
    private final Visibility visibility;
    private final WriteAnswers answers;

    CodeController(
            Commands commands,
            AggregateStates states,
            Reservations reservations,
            CodeGenerator codes,
            CodeUses uses,
            ForgottenPasswords forgotten,
            MailOptions mails,
            PasswordSettings policy,
            Visibility visibility,
            WriteAnswers answers) {
        this.commands = commands;
        this.states = states;
        this.reservations = reservations;
        this.codes = codes;
        this.uses = uses;
        this.forgotten = forgotten;
        this.mails = mails;
        this.policy = policy;
        this.visibility = visibility;
        this.answers = answers;
    }

    /** What a code is for. */
    private record Token(String type, String userId, Instant expiresAt) {}

    /** A code for a caller who mails by himself. */
    private record ResetCode(String userId, String resetCode, Instant expiresAt) {}

    @GetMapping("/1/tokens/{code}")
    void token(@PathVariable("code") String shown, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.AUTH);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
        Codes.Entry entry = known(Code.of(shown), Set.of(CodePurpose.values()), caller);
        if (!uses.isOpen(entry)) {
            throw unknown();
        }
        response.setHeader("Cache-Control", "no-store");
        Answers.json(
                response, 200, new Token(entry.purpose().text(), entry.userId().toString(), entry.expiresAt()));
    }

    @PostMapping("/1/auth/verify")
    void verify(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.AUTH);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        Fields fields = Body.read(request, faults);
        Code code = requiredCode(fields);
        fields.rejectOthers();
        faults.throwIfAny();
        Codes.Entry entry = known(code, CodeUses.PROOFS, caller);
        uses.requireOpen(entry);
        Preferences preferences = Preferences.of(request);
        try (Visibility.Watch watch = visibility.watch(entry.userId().toString())) {
            answerUser(watch, entry.userId(), uses.verify(entry, code, context(caller)), caller, preferences, response);
        }
    }

    @PostMapping("/1/auth/reset-password")
    void resetPassword(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.AUTH);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        Fields fields = Body.read(request, faults);
        Code code = requiredCode(fields);
        RawPassword password = fields.newPassword("password", policy);
        if (!fields.has("password")) {
            fields.fault("password", Kind.MISSING, "is required");
        }
        fields.rejectOthers();
        faults.throwIfAny();
        if (password == null) {
            throw new IllegalStateException("a missing password is a fault");
        }
        Codes.Entry entry = known(code, CodeUses.RESETS, caller);
        uses.requireOpen(entry);
        Preferences preferences = Preferences.of(request);
        try (Visibility.Watch watch = visibility.watch(entry.userId().toString())) {
            UserResult.Done done = uses.reset(entry, code, password, context(caller));
            answerUser(watch, entry.userId(), done, caller, preferences, response);
        }
    }

    @PostMapping("/1/auth/forgot-password")
    void forgotPassword(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.AUTH);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        boolean mail = mails.mail(options.flag("send_email"), true, caller.application(), faults);
        String resetUrl = MailOptions.url(options, "reset_url", faults);
        options.rejectOthers();
        Fields fields = Body.read(request, faults);
        String email = fields.email("email").after(null);
        if (fields.isBlank("email")) {
            fields.fault("email", Kind.MISSING, "is required");
        }
        fields.rejectOthers();
        faults.throwIfAny();
        if (email == null) {
            throw new IllegalStateException("a missing address is a fault");
        }
        if (mail) {
            // Whether there is such a user is looked up after the answer: neither it nor its time tells.
            forgotten.mail(email, resetUrl, context(caller));
            Answers.json(response, 200, Map.of());
            return;
        }
        UUID userId = reservations
                .holder(caller.application(), Reservations.Kind.EMAIL, email)
                .map(Holder::userId)
                .orElseThrow(Refusals::notFound);
        NewCode code = codes.next(CodePurpose.PASSWORD_RESET);
        send(
                new RequestPasswordReset(userId.toString(), caller.application(), code.issued()),
                null,
                caller,
                request,
                response);
        response.setHeader("Cache-Control", "no-store");
        Answers.json(
                response,
                200,
                new ResetCode(
                        userId.toString(), code.code().value(), code.issued().expiresAt()));
    }

    @PostMapping("/1/users/{id}/confirmation")
    void confirmation(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        Body.read(request, faults).rejectOthers();
        mails.requireServer("send_email", caller.application(), faults);
        faults.throwIfAny();
        String userId = UserIds.parse(id).orElseThrow(Refusals::notFound).toString();
        NewCode code = codes.next(CodePurpose.CONFIRMATION);
        send(
                new RequestConfirmation(userId, caller.application(), code.issued()),
                new MailRequest(MailKind.CONFIRMATION, code.code(), null),
                caller,
                request,
                response);
        Answers.json(response, 200, Map.of("user_id", userId));
    }

    @PostMapping("/1/users/{id}/password-reset")
    void passwordReset(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        String resetUrl = MailOptions.url(options, "reset_url", faults);
        options.rejectOthers();
        Fields fields = Body.read(request, faults);
        MailContent content = mails.reset(fields, resetUrl, caller.application());
        fields.rejectOthers();
        mails.requireServer("send_email", caller.application(), faults);
        faults.throwIfAny();
        String userId = UserIds.parse(id).orElseThrow(Refusals::notFound).toString();
        NewCode code = codes.next(CodePurpose.PASSWORD_RESET);
        send(
                new RequestPasswordReset(userId, caller.application(), code.issued()),
                new MailRequest(MailKind.PASSWORD_RESET, code.code(), content),
                caller,
                request,
                response);
        Answers.json(response, 200, Map.of("user_id", userId));
    }

    /** Sends a command that makes a code, and sets the headers that every write has. */
    private void send(
            UserCommand command,
            @Nullable MailRequest mail,
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response) {
        try (Visibility.Watch watch = visibility.watch(command.userId())) {
            UserResult.Done done = switch (commands.send(command, context(caller), mail)) {
                case UserResult.Done sent -> sent;
                case UserResult.Refused refused -> throw Refusals.of(refused);
                case UserResult.Taken taken -> throw Refusals.of(taken);
            };
            answers.settle(
                    watch,
                    caller,
                    UUID.fromString(command.userId()),
                    EventStream.USER,
                    done.after().version(),
                    Preferences.of(request),
                    response);
        }
    }

    private void answerUser(
            Visibility.Watch watch,
            UUID userId,
            UserResult.Done done,
            Caller caller,
            Preferences preferences,
            HttpServletResponse response)
            throws IOException {
        answers.settle(watch, caller, userId, EventStream.USER, done.after().version(), preferences, response);
        Instant lastSignin = states.signIns(userId.toString()).lastLoginAt();
        answers.user(response, 200, Resources.of(userId.toString(), done.after(), lastSignin), preferences);
    }

    /** The entry of a code of the caller's own application. */
    private Codes.Entry known(Code code, Set<CodePurpose> purposes, Caller caller) {
        return uses.find(code, purposes)
                .filter(entry -> entry.application().equals(caller.application()))
                .orElseThrow(CodeController::unknown);
    }

    private static ApiException unknown() {
        return ApiException.of(ErrorCode.NOT_FOUND, "there is no such code");
    }

    private static Code requiredCode(Fields fields) {
        String code = fields.line("code", MAX_CODE).after(null);
        if (fields.isBlank("code")) {
            fields.fault("code", Kind.MISSING, "is required");
        }
        return Code.of(code == null ? "" : code);
    }

    private static EventContext context(Caller caller) {
        return new EventContext(caller.application(), caller.keyId(), caller.requestId());
    }
}
