package io.userstore.command.rest;

import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventStream;
import io.userstore.api.user.UserIds;
import io.userstore.api.user.UserResource;
import io.userstore.command.code.Code;
import io.userstore.command.code.CodeGenerator;
import io.userstore.command.code.NewCode;
import io.userstore.command.mail.MailContent;
import io.userstore.command.mail.MailKind;
import io.userstore.command.mail.MailRequest;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.password.RawPassword;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.Commands;
import io.userstore.command.store.Commands.UserResult;
import io.userstore.command.store.EventContext;
import io.userstore.command.user.Change;
import io.userstore.command.user.CodePurpose;
import io.userstore.command.user.IssuedCode;
import io.userstore.command.user.PasswordHash;
import io.userstore.command.user.Profile;
import io.userstore.command.user.ProviderLink;
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
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
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

    private static final String IDENTITY = "auth_provider";

    private final Commands commands;
    private final AggregateStates states;
    private final PasswordHashing passwords;
    private final PasswordSettings policy;
    private final Visibility visibility;
    private final WriteAnswers answers;
    private final CodeGenerator codes;
    private final MailOptions mails;
    private final ProviderTokens tokens;
    private final SecureRandom random = new SecureRandom();

    UserController(
            Commands commands,
            AggregateStates states,
            PasswordHashing passwords,
            PasswordSettings policy,
            Visibility visibility,
            WriteAnswers answers,
            CodeGenerator codes,
            MailOptions mails,
            ProviderTokens tokens) {
        this.commands = commands;
        this.states = states;
        this.passwords = passwords;
        this.policy = policy;
        this.visibility = visibility;
        this.answers = answers;
        this.codes = codes;
        this.mails = mails;
        this.tokens = tokens;
    }

    @PostMapping("/1/users")
    void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        MailOptions.Wanted wanted = mails.wanted(options, caller.application(), faults);
        options.rejectOthers();
        Fields fields = Body.read(request, faults);
        MailContent confirmation = mails.confirmation(fields, caller.application(), faults);
        Profile profile = newProfile(fields);
        String group = fields.line("group", Fields.MAX_NAME).after(null);
        Boolean active = fields.flag("is_active");
        RawPassword password = fields.newPassword("password", policy);
        ProviderFields identity = newIdentity(fields);
        requireForCreation(fields);
        requireAddressFor(wanted, fields);
        fields.rejectOthers();
        faults.throwIfAny();

        UUID userId = UserIds.next();
        Map<String, ProviderLink> links = links(userId, identity);
        PasswordHash hash = password == null ? null : passwords.hash(password);
        NewCode verification = wanted.verify() ? codes.next(CodePurpose.VERIFICATION) : null;
        NewCode toConfirm = confirmation == null ? null : codes.next(CodePurpose.CONFIRMATION);
        CreateUser command = new CreateUser(
                userId.toString(),
                caller.application(),
                hash == null ? named(profile) : profile,
                group,
                !Boolean.FALSE.equals(active),
                hash,
                verification == null ? null : verification.issued(),
                toConfirm == null ? null : toConfirm.issued(),
                links);
        MailRequest mail = toConfirm == null
                ? mail(wanted, verification)
                : new MailRequest(MailKind.CONFIRMATION, toConfirm.code(), confirmation);
        Preferences preferences = Preferences.of(request);
        try (Visibility.Watch watch = visibility.watch(command.userId())) {
            UserResult.Done done = send(command, caller, mail);
            long version = done.after().version();
            answers.settle(watch, caller, userId, EventStream.USER, version, preferences, response);
            response.setHeader("Location", "/1/users/" + userId);
            answerWhole(
                    response,
                    201,
                    Resources.of(command.userId(), done.after(), null),
                    verification == null ? null : verification.code(),
                    preferences);
        }
    }

    /** The mail that the options ask for, or null: with a verification code where there is one. */
    private static @Nullable MailRequest mail(MailOptions.Wanted wanted, @Nullable NewCode verification) {
        if (!wanted.mail()) {
            return null;
        }
        return verification == null
                ? new MailRequest(MailKind.REGISTRATION, null, MailContent.DEFAULT)
                : new MailRequest(
                        MailKind.VERIFICATION, verification.code(), MailContent.linkingTo(wanted.verifyUrl()));
    }

    /** Answers the user; with a code, if there is one, also where no body is preferred: whoever asks for it needs it. */
    private void answerWhole(
            HttpServletResponse response, int status, UserResource user, @Nullable Code code, Preferences preferences)
            throws IOException {
        if (code == null) {
            answers.user(response, status, user, preferences);
        } else {
            response.setHeader("ETag", user.etag());
            answerWithCode(response, status, user, code);
        }
    }

    private static void answerWithCode(HttpServletResponse response, int status, Object answer, Code code)
            throws IOException {
        response.setHeader("Cache-Control", "no-store");
        Answers.json(response, status, Resources.withCode(answer, code));
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

    /** The identity that a new user has at a provider, or null when none was given. */
    private static @Nullable ProviderFields newIdentity(Fields fields) {
        Fields inner = fields.object(IDENTITY);
        if (inner == null) {
            return null;
        }
        ProviderFields identity = ProviderFields.of(inner);
        identity.requireForLink(inner, false);
        inner.rejectOthers();
        return identity;
    }

    private Map<String, ProviderLink> links(UUID userId, @Nullable ProviderFields identity) {
        String provider = identity == null ? null : identity.provider();
        String clientId = identity == null ? null : identity.clientId().after(null);
        if (identity == null || provider == null || clientId == null) {
            return Map.of();
        }
        String sealed =
                tokens.seal(identity.accessToken(), userId.toString(), provider).after(null);
        return Map.of(
                provider,
                new ProviderLink(clientId, sealed, identity.tokenExpiry().after(null)));
    }

    /** A user who comes in through a provider only, a device for example, gets a name when none was given. */
    private Profile named(Profile profile) {
        byte[] bytes = new byte[10];
        random.nextBytes(bytes);
        return profile.username() == null
                ? profile.withUsername("user-" + HexFormat.of().formatHex(bytes))
                : profile;
    }

    private static void requireForCreation(Fields fields) {
        if (!fields.isBlank(IDENTITY) && !fields.has("password")) {
            return;
        }
        if (!fields.has("password")) {
            fields.fault("password", Kind.MISSING, "is required");
        }
        if (fields.isBlank("email") && fields.isBlank("username")) {
            fields.fault("email", Kind.MISSING, "an e-mail address or a user name is required");
        }
    }

    private static void requireAddressFor(MailOptions.Wanted wanted, Fields fields) {
        boolean confirmation = !fields.isBlank("confirmation");
        if ((wanted.verify() || wanted.mail() || confirmation)
                && fields.isBlank("email")
                && !fields.isBlank("username")) {
            fields.fault("email", Kind.MISSING, "is required for a mail or a code");
        }
        if (confirmation && (wanted.verify() || wanted.mail())) {
            fields.fault("confirmation", Kind.INVALID, "sends a mail of its own: not with verify_user or send_email");
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
        Update update = toUpdate(userId, caller, request);
        UpdateUser command = update.command();
        Preferences preferences = Preferences.of(request);
        try (Visibility.Watch watch = visibility.watch(command.userId())) {
            UserResult.Done done = send(command, caller, update.mail());
            if (done.after().version() > done.before().version()) {
                long version = done.after().version();
                answers.settle(watch, caller, userId, EventStream.USER, version, preferences, response);
            }
            boolean user = whole || preferences.representation() || preferences.minimal();
            if (preferences.representation() && !preferences.minimal()) {
                response.addHeader("Preference-Applied", "return=representation");
            }
            answerUpdate(userId, done, user, update.codeOf(done), preferences, response);
        }
    }

    private void answerUpdate(
            UUID userId,
            UserResult.Done done,
            boolean whole,
            @Nullable Code code,
            Preferences preferences,
            HttpServletResponse response)
            throws IOException {
        if (whole) {
            UserResource user = Resources.of(userId.toString(), done.after(), lastSignin(userId));
            answerWhole(response, 200, user, code, preferences);
            return;
        }
        response.setHeader("ETag", "\"" + done.after().version() + "\"");
        Map<String, @Nullable Object> changes = Resources.changes(done.before(), done.after());
        if (code == null) {
            Answers.json(response, 200, changes);
        } else {
            answerWithCode(response, 200, changes, code);
        }
    }

    /** An update, and what goes with it if it brings a new address. */
    private record Update(
            UpdateUser command,
            @Nullable NewCode verification,
            @Nullable MailRequest mail) {

        /** The code that was made by it, or null. */
        @Nullable
        Code codeOf(UserResult.Done done) {
            if (verification == null) {
                return null;
            }
            IssuedCode live = done.after().codes().get(CodePurpose.VERIFICATION);
            return verification.issued().equals(live) ? verification.code() : null;
        }
    }

    private Update toUpdate(UUID userId, Caller caller, HttpServletRequest request) throws IOException {
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        MailOptions.Wanted wanted = mails.wanted(options, caller.application(), faults);
        options.rejectOthers();
        if (wanted.mail() && !wanted.verify()) {
            faults.add("send_email", Kind.INVALID, "a change sends a mail only with verify_user");
        }
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
        NewCode verification = wanted.verify() ? codes.next(CodePurpose.VERIFICATION) : null;
        UpdateUser command = new UpdateUser(
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
                verification == null ? null : verification.issued(),
                Preconditions.ifMatch(request));
        return new Update(command, verification, verification == null ? null : mail(wanted, verification));
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
            UserResult.Done done = send(command, caller, null);
            long version = done.after().version();
            answers.settle(watch, caller, userId, EventStream.USER, version, preferences, response);
            answers.user(response, 200, Resources.of(command.userId(), done.before(), lastSignin), preferences);
        }
    }

    private @Nullable Instant lastSignin(UUID userId) {
        return states.signIns(userId.toString()).lastLoginAt();
    }

    private UserResult.Done send(UserCommand command, Caller caller, @Nullable MailRequest mail) {
        EventContext context = new EventContext(caller.application(), caller.keyId(), caller.requestId());
        return switch (commands.send(command, context, mail)) {
            case UserResult.Done done -> done;
            case UserResult.Refused refused -> throw Refusals.of(refused);
            case UserResult.Taken taken -> throw Refusals.of(taken);
        };
    }
}
