package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.event.EventStream;
import io.userstore.api.user.UserIds;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.Commands;
import io.userstore.command.store.Commands.UserResult;
import io.userstore.command.store.EventContext;
import io.userstore.command.user.Change;
import io.userstore.command.user.ProviderLink;
import io.userstore.command.user.UserCommand;
import io.userstore.command.user.UserCommand.LinkAuthProvider;
import io.userstore.command.user.UserCommand.UnlinkAuthProviders;
import io.userstore.command.user.UserCommand.UpdateAuthProvider;
import io.userstore.command.user.UserState;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The OAuth identities of a user. Reads are answered here too, from the event store: access tokens are never published, so
 * no read model has them.
 */
@RestController
final class AuthProviderController {
    private static final String ALL = "/1/users/{id}/auth-providers";
    private static final String ONE = ALL + "/{provider}";

    private final Commands commands;
    private final AggregateStates states;
    private final Visibility visibility;
    private final WriteAnswers answers;
    private final ProviderTokens tokens;

    AuthProviderController(
            Commands commands,
            AggregateStates states,
            Visibility visibility,
            WriteAnswers answers,
            ProviderTokens tokens) {
        this.commands = commands;
        this.states = states;
        this.visibility = visibility;
        this.answers = answers;
        this.tokens = tokens;
    }

    /** All identities of one user, in the order of their providers. */
    private record Listed(List<ProviderResource> data) {}

    @GetMapping(ALL)
    void list(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_READ);
        UUID userId = UserIds.parse(id).orElseThrow(Refusals::notFound);
        UserState state = read(userId, caller, request, response);
        Answers.json(response, 200, listed(userId.toString(), state, caller));
    }

    @GetMapping(ONE)
    void get(
            @PathVariable("id") String id,
            @PathVariable("provider") String provider,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_READ);
        UUID userId = UserIds.parse(id).orElseThrow(Refusals::notFound);
        UserState state = read(userId, caller, request, response);
        Answers.json(response, 200, one(userId.toString(), provider, state, caller));
    }

    private UserState read(UUID userId, Caller caller, HttpServletRequest request, HttpServletResponse response) {
        rejectOptions(request);
        UserState state = states.user(userId.toString());
        if (!state.existsIn(caller.application())) {
            throw Refusals.notFound();
        }
        // Access tokens stay in no cache.
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("ETag", "\"" + state.version() + "\"");
        return state;
    }

    @PostMapping(ALL)
    void link(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        link(id, null, request, response);
    }

    @PostMapping(ONE)
    void link(
            @PathVariable("id") String id,
            @PathVariable("provider") @Nullable String inPath,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        UUID userId = UserIds.parse(id).orElseThrow(Refusals::notFound);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        ProviderFields given = ProviderFields.of(fields);
        given.requireForLink(fields, inPath != null);
        String provider = provider(given, inPath, fields);
        fields.rejectOthers();
        faults.throwIfAny();
        String clientId = given.clientId().after(null);
        if (provider == null || clientId == null) {
            throw new IllegalStateException("a missing provider or client id is a fault");
        }
        String sealed = sealed(given.accessToken(), userId, provider).after(null);
        ProviderLink link =
                new ProviderLink(clientId, sealed, given.tokenExpiry().after(null));
        LinkAuthProvider command = new LinkAuthProvider(
                userId.toString(), caller.application(), provider, link, Preconditions.ifMatch(request));
        write(command, caller, request, response, 201, done -> {
            response.setHeader("Location", "/1/users/" + userId + "/auth-providers/" + provider);
            return one(command.userId(), provider, done.after(), caller);
        });
    }

    @PatchMapping(ONE)
    void update(
            @PathVariable("id") String id,
            @PathVariable("provider") String inPath,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        UUID userId = UserIds.parse(id).orElseThrow(Refusals::notFound);
        Faults faults = new Faults();
        Fields fields = fields(request, faults);
        ProviderFields given = ProviderFields.of(fields);
        String provider = provider(given, inPath, fields);
        if (given.clientId() instanceof Change.Clear<String>) {
            fields.fault("client_id", Kind.MISSING, "cannot be taken away: unlink the provider");
        }
        fields.rejectOthers();
        faults.throwIfAny();
        if (provider == null) {
            throw new IllegalStateException("a provider that is none is a fault");
        }
        UpdateAuthProvider command = new UpdateAuthProvider(
                userId.toString(),
                caller.application(),
                provider,
                given.clientId(),
                sealed(given.accessToken(), userId, provider),
                given.tokenExpiry(),
                Preconditions.ifMatch(request));
        write(command, caller, request, response, 200, done -> one(command.userId(), provider, done.after(), caller));
    }

    @DeleteMapping(ONE)
    void unlink(
            @PathVariable("id") String id,
            @PathVariable("provider") String provider,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        rejectOptions(request);
        UnlinkAuthProviders command = unlinking(id, provider, caller, request);
        write(command, caller, request, response, 200, done -> one(command.userId(), provider, done.before(), caller));
    }

    @DeleteMapping(ALL)
    void unlinkAll(@PathVariable("id") String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        rejectOptions(request);
        UnlinkAuthProviders command = unlinking(id, null, caller, request);
        write(command, caller, request, response, 200, done -> listed(command.userId(), done.before(), caller));
    }

    private static UnlinkAuthProviders unlinking(
            String id, @Nullable String provider, Caller caller, HttpServletRequest request) {
        UUID userId = UserIds.parse(id).orElseThrow(Refusals::notFound);
        return new UnlinkAuthProviders(
                userId.toString(), caller.application(), provider, Preconditions.ifMatch(request));
    }

    /** What a write answers, made from the user before and after it. */
    private interface Answer {
        Object of(UserResult.Done done);
    }

    private void write(
            UserCommand command,
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            int status,
            Answer answer)
            throws IOException {
        Preferences preferences = Preferences.of(request);
        try (Visibility.Watch watch = visibility.watch(command.userId())) {
            UserResult.Done done = send(command, caller);
            long version = done.after().version();
            if (version > done.before().version()) {
                UUID userId = UUID.fromString(command.userId());
                answers.settle(watch, caller, userId, EventStream.USER, version, preferences, response);
            }
            response.setHeader("ETag", "\"" + version + "\"");
            response.setHeader("Cache-Control", "no-store");
            answers.body(response, status, answer.of(done), preferences);
        }
    }

    private UserResult.Done send(UserCommand command, Caller caller) {
        EventContext context = new EventContext(caller.application(), caller.keyId(), caller.requestId());
        return switch (commands.send(command, context)) {
            case UserResult.Done done -> done;
            case UserResult.Refused refused -> throw Refusals.of(refused);
            case UserResult.Taken taken -> throw Refusals.of(taken);
        };
    }

    private Change<String> sealed(Change<String> token, UUID userId, String provider) {
        return tokens.seal(token, userId.toString(), provider);
    }

    private Listed listed(String id, UserState state, Caller caller) {
        Map<String, ProviderLink> links = new TreeMap<>(state.links());
        return new Listed(links.keySet().stream()
                .map(provider -> one(id, provider, state, caller))
                .toList());
    }

    private ProviderResource one(String id, String provider, UserState state, Caller caller) {
        ProviderLink link = state.links().get(provider);
        if (link == null) {
            throw ApiException.of(ErrorCode.PROVIDER_NOT_LINKED);
        }
        String token = caller.permissions().contains(Permission.AUTH) ? tokens.open(link, id, provider) : null;
        return ProviderResource.of(provider, link, token, Instant.now());
    }

    /** The provider of the path or of the body; both may name it when they agree. Null when at fault. */
    private static @Nullable String provider(ProviderFields given, @Nullable String inPath, Fields fields) {
        String inBody = given.provider();
        if (inPath == null) {
            return inBody;
        }
        if (!ProviderFields.isProvider(inPath) || (inBody != null && !inBody.equals(inPath))) {
            fields.fault("provider", Kind.INVALID, "must be that of the path, and 1 to 32 of a-z, 0-9, _ and -");
            return null;
        }
        return inPath;
    }

    private static Fields fields(HttpServletRequest request, Faults faults) throws IOException {
        new QueryParameters(request, faults).rejectOthers();
        return Body.read(request, faults);
    }

    private static void rejectOptions(HttpServletRequest request) {
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
    }
}
