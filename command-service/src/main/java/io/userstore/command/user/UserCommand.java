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

    record CreateUser(
            @TargetAggregateIdentifier String userId,
            String application,
            Profile profile,
            @Nullable String group,
            boolean active,
            PasswordHash passwordHash)
            implements UserCommand {}

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
    record DeleteUser(
            @TargetAggregateIdentifier String userId,
            String application,
            @Nullable Set<Long> ifVersion) implements UserCommand {
        public DeleteUser {
            ifVersion = ifVersion == null ? null : Set.copyOf(ifVersion);
        }
    }
}
