package io.userstore.command.user;

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
     * @param passwordHash null for a user who can only sign in through a provider
     * @param links by provider
     */
    record CreateUser(
            @TargetAggregateIdentifier String userId,
            String application,
            Profile profile,
            @Nullable String group,
            boolean active,
            @Nullable PasswordHash passwordHash,
            Map<String, ProviderLink> links)
            implements UserCommand {
        public CreateUser {
            links = Map.copyOf(links);
        }
    }

    /**
     * Changes some fields.
     *
     * @param extra the change of each key that is named
     * @param clearExtra whether the keys that are not named go; else they stay
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
            @Nullable Set<Long> ifVersion)
            implements UserCommand {
        public UpdateUser {
            extra = Map.copyOf(extra);
            ifVersion = ifVersion == null ? null : Set.copyOf(ifVersion);
        }
    }

    /** Replaces a hash by a stronger one of the same password; does nothing when the hash has changed meanwhile. */
    record UpgradePasswordHash(
            @TargetAggregateIdentifier String userId, String application, PasswordHash from, PasswordHash to)
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
