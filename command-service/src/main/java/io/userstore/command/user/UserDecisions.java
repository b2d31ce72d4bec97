package io.userstore.command.user;

import io.userstore.command.user.StoredUserEvent.AuthProviderLinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUnlinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUpdated;
import io.userstore.command.user.StoredUserEvent.ConfirmationMailFailed;
import io.userstore.command.user.StoredUserEvent.ConfirmationMailSent;
import io.userstore.command.user.StoredUserEvent.Email;
import io.userstore.command.user.StoredUserEvent.EmailChanged;
import io.userstore.command.user.StoredUserEvent.EmailVerified;
import io.userstore.command.user.StoredUserEvent.Imported;
import io.userstore.command.user.StoredUserEvent.Name;
import io.userstore.command.user.StoredUserEvent.PasswordChanged;
import io.userstore.command.user.StoredUserEvent.PasswordRehashed;
import io.userstore.command.user.StoredUserEvent.PasswordReset;
import io.userstore.command.user.StoredUserEvent.PasswordResetRequested;
import io.userstore.command.user.StoredUserEvent.ProfileUpdated;
import io.userstore.command.user.StoredUserEvent.ProviderIdentity;
import io.userstore.command.user.StoredUserEvent.UserActivated;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.StoredUserEvent.UsernameChanged;
import io.userstore.command.user.StoredUserEvent.VerificationRequested;
import io.userstore.command.user.UserCommand.CreateUser;
import io.userstore.command.user.UserCommand.DeleteUser;
import io.userstore.command.user.UserCommand.ImportUser;
import io.userstore.command.user.UserCommand.LinkAuthProvider;
import io.userstore.command.user.UserCommand.RecordConfirmationMail;
import io.userstore.command.user.UserCommand.RequestConfirmation;
import io.userstore.command.user.UserCommand.RequestPasswordReset;
import io.userstore.command.user.UserCommand.ResetPassword;
import io.userstore.command.user.UserCommand.UnlinkAuthProviders;
import io.userstore.command.user.UserCommand.UpdateAuthProvider;
import io.userstore.command.user.UserCommand.UpdateUser;
import io.userstore.command.user.UserCommand.UpgradePasswordHash;
import io.userstore.command.user.UserCommand.VerifyEmail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What each command comes to, given the user's state. Pure functions. */
public final class UserDecisions {
    /** How many custom values a user may have. */
    public static final int MAX_EXTRA_KEYS = 50;

    /** How many providers a user may be linked to. */
    public static final int MAX_PROVIDERS = 20;

    private UserDecisions() {}

    public static Decision decide(UserState state, UserCommand command) {
        return switch (command) {
            case CreateUser create -> create(create);
            case ImportUser imported -> create(imported);
            case UserCommand other
            when !state.existsIn(other.application()) -> new Decision.Refused(Rejection.NO_SUCH_USER);
            case UpdateUser update -> update(state, update);
            case UpgradePasswordHash upgrade -> upgrade(state, upgrade);
            case RequestConfirmation request -> requestConfirmation(state, request);
            case VerifyEmail verify -> verify(state, verify);
            case RequestPasswordReset request -> requestPasswordReset(state, request);
            case ResetPassword reset -> resetPassword(state, reset);
            case RecordConfirmationMail mail -> recordConfirmationMail(state, mail);
            case DeleteUser delete -> delete(state, delete);
            case LinkAuthProvider link -> link(state, link);
            case UpdateAuthProvider update -> updateLink(state, update);
            case UnlinkAuthProviders unlink -> unlink(state, unlink);
        };
    }

    private static Decision create(CreateUser command) {
        boolean pending = command.confirmation() != null;
        PasswordHash hash = command.passwordHash();
        List<StoredUserEvent> events = new ArrayList<>();
        events.add(new UserCreated(
                command.application(),
                command.group(),
                command.active() && !pending,
                pending,
                hash == null ? "" : hash.encoded(),
                command.profile()));
        if (command.confirmation() != null) {
            events.add(requested(CodePurpose.CONFIRMATION, command.confirmation()));
        }
        if (command.verification() != null) {
            events.add(requested(CodePurpose.VERIFICATION, command.verification()));
        }
        new TreeMap<>(command.links()).forEach((provider, link) -> events.add(linked(provider, link)));
        return new Decision.Accepted(events);
    }

    private static VerificationRequested requested(CodePurpose purpose, IssuedCode code) {
        return new VerificationRequested(purpose, code.hash(), code.expiresAt());
    }

    private static Decision create(ImportUser command) {
        PasswordHash hash = command.passwordHash();
        boolean nothingBrought = command.createdAt() == null && !command.emailVerified();
        return accepted(new UserCreated(
                command.application(),
                command.group(),
                command.active(),
                false,
                hash == null ? "" : hash.encoded(),
                command.profile(),
                nothingBrought ? null : new Imported(command.createdAt(), command.emailVerified())));
    }

    private static Decision update(UserState state, UpdateUser command) {
        if (staleFor(state, command.ifVersion())) {
            return new Decision.Refused(Rejection.VERSION_CONFLICT);
        }
        Profile now = state.profile();
        if (command.email().after(now.email()) == null && command.username().after(now.username()) == null) {
            return new Decision.Refused(Rejection.NO_NAME_LEFT);
        }
        Map<String, Object> extra = extraAfter(command.clearExtra() ? Map.of() : now.extra(), command.extra());
        if (extra.size() > MAX_EXTRA_KEYS) {
            return new Decision.Refused(Rejection.TOO_MANY_EXTRA_KEYS);
        }
        List<StoredUserEvent> events = new ArrayList<>();
        if (command.email().alters(now.email())) {
            String email = command.email().after(now.email());
            events.add(new EmailChanged(state.emailVerified(), email == null ? null : new Email(email)));
            if (email != null && command.verification() != null) {
                events.add(requested(CodePurpose.VERIFICATION, command.verification()));
            }
        }
        if (command.username().alters(now.username())) {
            String username = command.username().after(now.username());
            events.add(new UsernameChanged(username == null ? null : new Name(username)));
        }
        addProfileUpdate(events, state, command, extra);
        if (command.passwordHash() instanceof Change.Put<PasswordHash>(PasswordHash hash)) {
            events.add(new PasswordChanged(hash.encoded()));
        }
        addActivation(events, state, command.active());
        return new Decision.Accepted(events);
    }

    /**
     * Who is inactive until a confirmation is set inactive for good by the same event, which voids the code: otherwise the mail
     * that is out would still activate.
     */
    private static void addActivation(List<StoredUserEvent> events, UserState state, @Nullable Boolean active) {
        if (active == null) {
            return;
        }
        boolean awaited = !state.active() && state.codes().containsKey(CodePurpose.CONFIRMATION);
        if (active != state.active() || (!active && awaited)) {
            events.add(active ? new UserActivated() : new UserDeactivated());
        }
    }

    private static void addProfileUpdate(
            List<StoredUserEvent> events, UserState state, UpdateUser command, Map<String, Object> extra) {
        Profile now = state.profile();
        Set<String> changed = new LinkedHashSet<>();
        if (command.firstName().alters(now.firstName())) {
            changed.add("first_name");
        }
        if (command.lastName().alters(now.lastName())) {
            changed.add("last_name");
        }
        if (command.group().alters(state.group())) {
            changed.add("group");
        }
        if (!extra.equals(now.extra())) {
            changed.add("extra");
        }
        if (changed.isEmpty()) {
            return;
        }
        Profile after = new Profile(
                command.email().after(now.email()),
                command.username().after(now.username()),
                command.firstName().after(now.firstName()),
                command.lastName().after(now.lastName()),
                extra);
        events.add(new ProfileUpdated(changed, command.group().after(state.group()), state.group(), after));
    }

    private static Map<String, Object> extraAfter(Map<String, Object> now, Map<String, Change<Object>> changes) {
        Map<String, Object> after = new HashMap<>(now);
        changes.forEach((key, change) -> {
            Object value = change.after(now.get(key));
            if (value == null) {
                after.remove(key);
            } else {
                after.put(key, value);
            }
        });
        return after;
    }

    private static Decision upgrade(UserState state, UpgradePasswordHash command) {
        boolean same = Objects.equals(state.passwordHash(), command.from().encoded());
        return same ? accepted(new PasswordRehashed(command.to().encoded())) : new Decision.Accepted(List.of());
    }

    private static Decision requestConfirmation(UserState state, RequestConfirmation command) {
        if (state.confirmation() == null) {
            return new Decision.Refused(Rejection.NO_PENDING_CONFIRMATION);
        }
        return state.profile().email() == null
                ? new Decision.Refused(Rejection.NO_EMAIL)
                : accepted(requested(CodePurpose.CONFIRMATION, command.code()));
    }

    private static Decision verify(UserState state, VerifyEmail command) {
        if (!hasLiveCode(state, command.purpose(), command.codeHash(), command.at())) {
            return new Decision.Refused(Rejection.CODE_EXPIRED);
        }
        boolean confirmed = command.purpose() == CodePurpose.CONFIRMATION && state.confirmation() != null;
        List<StoredUserEvent> events = new ArrayList<>();
        events.add(new EmailVerified(state.emailVerified(), confirmed));
        if (confirmed && !state.active()) {
            events.add(new UserActivated());
        }
        return new Decision.Accepted(events);
    }

    private static Decision requestPasswordReset(UserState state, RequestPasswordReset command) {
        return state.profile().email() == null
                ? new Decision.Refused(Rejection.NO_EMAIL)
                : accepted(new PasswordResetRequested(
                        command.code().hash(), command.code().expiresAt()));
    }

    private static Decision resetPassword(UserState state, ResetPassword command) {
        return hasLiveCode(state, CodePurpose.PASSWORD_RESET, command.codeHash(), command.at())
                ? accepted(new PasswordReset(command.passwordHash().encoded()))
                : new Decision.Refused(Rejection.CODE_EXPIRED);
    }

    private static boolean hasLiveCode(UserState state, CodePurpose purpose, String hash, Instant at) {
        IssuedCode code = state.codes().get(purpose);
        return code != null && code.accepts(hash, at);
    }

    private static Decision recordConfirmationMail(UserState state, RecordConfirmationMail command) {
        IssuedCode latest = state.codes().get(CodePurpose.CONFIRMATION);
        boolean current = latest != null && latest.hash().equals(command.codeHash());
        if (!current || state.confirmation() != Confirmation.PENDING) {
            return new Decision.Accepted(List.of());
        }
        return accepted(command.sent() ? new ConfirmationMailSent() : new ConfirmationMailFailed());
    }

    private static Decision delete(UserState state, DeleteUser command) {
        return staleFor(state, command.ifVersion())
                ? new Decision.Refused(Rejection.VERSION_CONFLICT)
                : accepted(new UserDeleted(
                        state.group(), state.active(), state.emailVerified(), state.confirmation() != null));
    }

    private static Decision link(UserState state, LinkAuthProvider command) {
        if (staleFor(state, command.ifVersion())) {
            return new Decision.Refused(Rejection.VERSION_CONFLICT);
        }
        if (state.links().containsKey(command.provider())) {
            return new Decision.Refused(Rejection.PROVIDER_ALREADY_LINKED);
        }
        return state.links().size() >= MAX_PROVIDERS
                ? new Decision.Refused(Rejection.TOO_MANY_PROVIDERS)
                : accepted(linked(command.provider(), command.link()));
    }

    private static AuthProviderLinked linked(String provider, ProviderLink link) {
        return new AuthProviderLinked(
                provider, link.sealedToken(), link.tokenExpiry(), new ProviderIdentity(link.clientId()));
    }

    private static Decision updateLink(UserState state, UpdateAuthProvider command) {
        if (staleFor(state, command.ifVersion())) {
            return new Decision.Refused(Rejection.VERSION_CONFLICT);
        }
        ProviderLink now = state.links().get(command.provider());
        if (now == null) {
            return new Decision.Refused(Rejection.PROVIDER_NOT_LINKED);
        }
        Set<String> changed = new LinkedHashSet<>();
        if (command.clientId().alters(now.clientId())) {
            changed.add("client_id");
        }
        if (command.sealedToken().alters(now.sealedToken())) {
            changed.add("access_token");
        }
        if (command.tokenExpiry().alters(now.tokenExpiry())) {
            changed.add("access_token_expiry");
        }
        String clientId = command.clientId().after(now.clientId());
        return changed.isEmpty()
                ? new Decision.Accepted(List.of())
                : accepted(new AuthProviderUpdated(
                        command.provider(),
                        changed,
                        command.sealedToken().after(now.sealedToken()),
                        command.tokenExpiry().after(now.tokenExpiry()),
                        new ProviderIdentity(clientId == null ? now.clientId() : clientId)));
    }

    private static Decision unlink(UserState state, UnlinkAuthProviders command) {
        if (staleFor(state, command.ifVersion())) {
            return new Decision.Refused(Rejection.VERSION_CONFLICT);
        }
        String one = command.provider();
        if (one != null && !state.links().containsKey(one)) {
            return new Decision.Refused(Rejection.PROVIDER_NOT_LINKED);
        }
        Set<String> gone = one == null ? new TreeSet<>(state.links().keySet()) : Set.of(one);
        boolean noneLeft = gone.size() == state.links().size();
        if (!gone.isEmpty() && noneLeft && state.passwordHash().isEmpty()) {
            return new Decision.Refused(Rejection.LAST_WAY_IN);
        }
        return new Decision.Accepted(
                gone.stream().<StoredUserEvent>map(AuthProviderUnlinked::new).toList());
    }

    private static boolean staleFor(UserState state, @Nullable Set<Long> ifVersion) {
        return ifVersion != null && !ifVersion.contains(state.version());
    }

    private static Decision accepted(StoredUserEvent event) {
        return new Decision.Accepted(List.of(event));
    }
}
