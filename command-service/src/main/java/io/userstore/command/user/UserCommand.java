package io.userstore.command.user;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of one user. A command for a user of another application than {@code application} is rejected as
 * if there were no such user. Passwords come hashed: hashing takes long and never happens inside a transaction.
 */
public sealed interface UserCommand {
    /** The user, and the aggregate's identifier. */
    String userId();

    String application();

    /**
     * Makes a user.
     *
     * @param active whether the user may sign in; one who is asked for a confirmation may not before it
     * @param passwordHash null for a user who can only sign in through a provider
     * @param verification a code that proves the e-mail address, or null
     * @param confirmation likewise, and asks the user for a confirmation; not together with {@code verification}
     * @param links by provider
     */
    record CreateUser(
            @TargetAggregateIdentifier String userId,
            String application,
            Profile profile,
            @Nullable String group,
            boolean active,
            @Nullable PasswordHash passwordHash,
            @Nullable IssuedCode verification,
            @Nullable IssuedCode confirmation,
            Map<String, ProviderLink> links)
            implements UserCommand {
        public CreateUser {
            links = Map.copyOf(links);
        }
    }

    /**
     * Creates a user whom another system has had.
     *
     * @param passwordHash null for a user without one, who can set one by a reset only
     * @param createdAt since when that system had the user, null when it does not say
     * @param emailVerified whether it has verified the e-mail address
     */
    record ImportUser(
            String userId,
            String application,
            Profile profile,
            @Nullable String group,
            boolean active,
            @Nullable PasswordHash passwordHash,
            @Nullable Instant createdAt,
            boolean emailVerified)
            implements UserCommand {
        public ImportUser withPasswordHash(PasswordHash hash) {
            return new ImportUser(userId, application, profile, group, active, hash, createdAt, emailVerified);
        }
    }

    /**
     * Changes some fields.
     *
     * @param extra the change of each key that is named
     * @param clearExtra whether the keys that are not named go; else they stay
     * @param verification a code that proves the e-mail address if this changes it, else unused; or null
     * @param ifVersion the versions of which the user must have one, or null when any will do
     */
    record UpdateUser(
            @TargetAggregateIdentifier String userId,
            String application,
            Change<String> email,
            Change<String> username,
            Change<String> firstName,
            Change<String> lastName,
            Change<String> group,
            Map<String, Change<Object>> extra,
            boolean clearExtra,
            Change<PasswordHash> passwordHash,
            @Nullable Boolean active,
            @Nullable IssuedCode verification,
            @Nullable Set<Long> ifVersion)
            implements UserCommand {
        public UpdateUser {
            extra = Map.copyOf(extra);
            ifVersion = ifVersion == null ? null : Set.copyOf(ifVersion);
        }
    }

    /** Replaces a hash by one of today of the same password; does nothing when the hash has changed meanwhile. */
    record UpgradePasswordHash(
            @TargetAggregateIdentifier String userId, String application, PasswordHash from, PasswordHash to)
            implements UserCommand {}

    /** Asks once more for a confirmation that is pending or whose mail has failed. */
    record RequestConfirmation(@TargetAggregateIdentifier String userId, String application, IssuedCode code)
            implements UserCommand {}

    /**
     * Proves the e-mail address.
     *
     * @param purpose verification or confirmation, as the code was issued
     * @param at when the code was shown
     */
    record VerifyEmail(
            @TargetAggregateIdentifier String userId,
            String application,
            CodePurpose purpose,
            String codeHash,
            Instant at)
            implements UserCommand {}

    record RequestPasswordReset(@TargetAggregateIdentifier String userId, String application, IssuedCode code)
            implements UserCommand {}

    /** @param at when the code was shown */
    record ResetPassword(
            @TargetAggregateIdentifier String userId,
            String application,
            String codeHash,
            PasswordHash passwordHash,
            Instant at)
            implements UserCommand {}

    /**
     * Records what became of a mail that asks for confirmation; does nothing when a later one was asked for meanwhile.
     *
     * @param codeHash of the code that the mail holds
     * @param sent whether a mail server has taken it
     */
    record RecordConfirmationMail(
            @TargetAggregateIdentifier String userId, String application, String codeHash, boolean sent)
            implements UserCommand {}

    /** @param ifVersion as in {@link UpdateUser} */
    record LinkAuthProvider(
            @TargetAggregateIdentifier String userId,
            String application,
            String provider,
            ProviderLink link,
            @Nullable Set<Long> ifVersion)
            implements UserCommand {
        public LinkAuthProvider {
            ifVersion = ifVersion == null ? null : Set.copyOf(ifVersion);
        }
    }

    /**
     * Changes some fields of a link; the components are those of {@link ProviderLink}.
     *
     * @param clientId never taken away
     * @param ifVersion as in {@link UpdateUser}
     */
    record UpdateAuthProvider(
            @TargetAggregateIdentifier String userId,
            String application,
            String provider,
            Change<String> clientId,
            Change<String> sealedToken,
            Change<Long> tokenExpiry,
            @Nullable Set<Long> ifVersion)
            implements UserCommand {
        public UpdateAuthProvider {
            ifVersion = ifVersion == null ? null : Set.copyOf(ifVersion);
        }
    }

    /**
     * @param provider the one to unlink, or null for all there are
     * @param ifVersion as in {@link UpdateUser}
     */
    record UnlinkAuthProviders(
            @TargetAggregateIdentifier String userId,
            String application,
            @Nullable String provider,
            @Nullable Set<Long> ifVersion)
            implements UserCommand {
        public UnlinkAuthProviders {
            ifVersion = ifVersion == null ? null : Set.copyOf(ifVersion);
        }
    }

    /** @param ifVersion as in {@link UpdateUser} */
    record DeleteUser(
            @TargetAggregateIdentifier String userId,
            String application,
            @Nullable Set<Long> ifVersion) implements UserCommand {
        public DeleteUser {
            ifVersion = ifVersion == null ? null : Set.copyOf(ifVersion);
        }
    }
}
