package io.userstore.command.user;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.userstore.command.user.StoredUserEvent.AuthProviderLinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUnlinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUpdated;
import io.userstore.command.user.StoredUserEvent.ConfirmationMailFailed;
import io.userstore.command.user.StoredUserEvent.ConfirmationMailSent;
import io.userstore.command.user.StoredUserEvent.EmailChanged;
import io.userstore.command.user.StoredUserEvent.EmailVerified;
import io.userstore.command.user.StoredUserEvent.Imported;
import io.userstore.command.user.StoredUserEvent.PasswordChanged;
import io.userstore.command.user.StoredUserEvent.PasswordRehashed;
import io.userstore.command.user.StoredUserEvent.PasswordReset;
import io.userstore.command.user.StoredUserEvent.PasswordResetRequested;
import io.userstore.command.user.StoredUserEvent.ProfileUpdated;
import io.userstore.command.user.StoredUserEvent.UserActivated;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.StoredUserEvent.UsernameChanged;
import io.userstore.command.user.StoredUserEvent.VerificationRequested;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the facts about one user add up to. Immutable; evolving never validates and never throws.
 *
 * @param confirmation how it stands with the confirmation the user is asked for; null when none is asked for, or it is given
 * @param codes the codes that can be used, unless they have expired
 * @param passwordHash encoded; empty before creation, after deletion, and for a user who has only providers or was imported without one
 * @param updatedAt the last change that is more than that a code was made or a mail sent
 * @param version how many events made this state; 0 for a user that was never created
 * @param links what the user has at OAuth providers, by provider
 * @param passwordVersion the version in which the password was last set; hashing it anew does not count
 */
public record UserState(
        String application,
        Profile profile,
        @Nullable String group,
        boolean active,
        boolean emailVerified,
        @Nullable Confirmation confirmation,
        Map<CodePurpose, IssuedCode> codes,
        String passwordHash,
        Instant createdAt,
        Instant updatedAt,
        boolean deleted,
        long version,
        Map<String, ProviderLink> links,
        long passwordVersion) {

    /** Before the first event. */
    public static final UserState NONE = new UserState(
            "",
            Profile.EMPTY,
            null,
            false,
            false,
            null,
            Map.of(),
            "",
            Instant.EPOCH,
            Instant.EPOCH,
            false,
            0,
            Map.of(),
            0);

    public UserState {
        codes = Map.copyOf(codes);
        links = Map.copyOf(links);
    }

    /** Whether there is such a user now. */
    @JsonIgnore
    public boolean exists() {
        return version > 0 && !deleted;
    }

    /** Whether there is such a user now, in that application. */
    public boolean existsIn(String thatApplication) {
        return exists() && application.equals(thatApplication);
    }

    /** Whether the user is active, and has given the confirmation where one was asked for. */
    @JsonIgnore
    public boolean validated() {
        return active && confirmation == null;
    }

    /** The state after one more event, which happened at {@code time}; finer than a millisecond is cut off. */
    public UserState apply(StoredUserEvent event, Instant time) {
        Instant at = time.truncatedTo(ChronoUnit.MILLIS);
        Draft next = new Draft(this);
        switch (event) {
            case UserCreated(var app, var ofGroup, var isActive, var pending, var hash, var personal, var imported) -> {
                next.application = app;
                next.profile = personal;
                next.group = ofGroup;
                next.active = isActive;
                next.confirmation = pending ? Confirmation.PENDING : null;
                next.passwordHash = hash;
                next.passwordVersion = 1;
                next.createdAt = createdAt(imported, at);
                next.emailVerified = imported != null && imported.emailVerified();
            }
            case ProfileUpdated(var changed, var ofGroup, var previousGroup, var personal) -> {
                next.profile = personal;
                next.group = ofGroup;
            }
            case UsernameChanged(var personal) ->
                next.profile = profile.withUsername(personal == null ? null : personal.username());
            case EmailChanged(var wasVerified, var personal) -> {
                next.profile = profile.withEmail(personal == null ? null : personal.email());
                next.emailVerified = false;
                // All of them went to the address before, or prove it.
                next.codes.clear();
            }
            case PasswordChanged(var hash) -> {
                next.passwordHash = hash;
                next.passwordVersion = version + 1;
                next.codes.remove(CodePurpose.PASSWORD_RESET);
            }
            case PasswordRehashed(var hash) -> next.passwordHash = hash;
            case UserActivated() -> next.active = true;
            case UserDeactivated() -> {
                next.active = false;
                // Whoever was deactivated must not come back by an old mail.
                next.codes.remove(CodePurpose.CONFIRMATION);
            }
            case VerificationRequested(var purpose, var hash, var expiresAt) -> {
                next.codes.put(purpose, new IssuedCode(hash, expiresAt));
                next.confirmation = purpose == CodePurpose.CONFIRMATION ? Confirmation.PENDING : confirmation;
                return next.state(updatedAt);
            }
            case EmailVerified(var wasVerified, var confirmed) -> {
                next.emailVerified = true;
                next.confirmation = confirmed ? null : confirmation;
                next.codes.remove(confirmed ? CodePurpose.CONFIRMATION : CodePurpose.VERIFICATION);
            }
            case PasswordResetRequested(var hash, var expiresAt) -> {
                next.codes.put(CodePurpose.PASSWORD_RESET, new IssuedCode(hash, expiresAt));
                return next.state(updatedAt);
            }
            case PasswordReset(var hash) -> {
                next.passwordHash = hash;
                next.passwordVersion = version + 1;
                next.codes.remove(CodePurpose.PASSWORD_RESET);
            }
            case ConfirmationMailSent() -> {
                return next.state(updatedAt);
            }
            case ConfirmationMailFailed() -> next.confirmation = Confirmation.FAILED;
            case AuthProviderLinked(var provider, var sealedToken, var tokenExpiry, var personal) ->
                next.links.put(provider, new ProviderLink(personal.clientId(), sealedToken, tokenExpiry));
            case AuthProviderUpdated(var provider, var changed, var sealedToken, var tokenExpiry, var personal) ->
                next.links.put(provider, new ProviderLink(personal.clientId(), sealedToken, tokenExpiry));
            case AuthProviderUnlinked(var provider) -> next.links.remove(provider);
            case UserDeleted(var ofGroup, var wasActive, var wasVerified, var wasPending) -> {
                next = new Draft(NONE);
                next.application = application;
                next.createdAt = createdAt;
                next.version = version;
                next.deleted = true;
            }
        }
        return next.state(at);
    }

    private static Instant createdAt(@Nullable Imported imported, Instant otherwise) {
        Instant earlier = imported == null ? null : imported.createdAt();
        return earlier == null ? otherwise : earlier.truncatedTo(ChronoUnit.MILLIS);
    }

    /** The next state while it is put together; confined to {@link #apply}. */
    private static final class Draft {
        private String application;
        private Profile profile;
        private @Nullable String group;
        private boolean active;
        private boolean emailVerified;
        private @Nullable Confirmation confirmation;
        private final Map<CodePurpose, IssuedCode> codes;
        private String passwordHash;
        private Instant createdAt;
        private boolean deleted;
        private long version;
        private final Map<String, ProviderLink> links;
        private long passwordVersion;

        Draft(UserState from) {
            application = from.application;
            profile = from.profile;
            group = from.group;
            active = from.active;
            emailVerified = from.emailVerified;
            confirmation = from.confirmation;
            codes = new HashMap<>(from.codes);
            passwordHash = from.passwordHash;
            createdAt = from.createdAt;
            deleted = from.deleted;
            version = from.version;
            links = new HashMap<>(from.links);
            passwordVersion = from.passwordVersion;
        }

        UserState state(Instant updatedAt) {
            return new UserState(
                    application,
                    profile,
                    group,
                    active,
                    emailVerified,
                    confirmation,
                    codes,
                    passwordHash,
                    createdAt,
                    updatedAt,
                    deleted,
                    version + 1,
                    links,
                    passwordVersion);
        }
    }

    @Override
    public String toString() {
        return "UserState[version=" + version + ", deleted=" + deleted + "]";
    }
}
