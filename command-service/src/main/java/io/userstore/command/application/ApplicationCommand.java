package io.userstore.command.application;

import io.userstore.command.user.Change;
import java.time.Duration;
import java.util.Set;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be asked of one application. Keys come as their digests: a key itself never gets here. */
public sealed interface ApplicationCommand {
    /** The aggregate's identifier, {@link ApplicationAggregate#idOf(String)}. */
    String applicationId();

    /** @param settings all of them */
    record CreateApplication(@TargetAggregateIdentifier String applicationId, String name, ApplicationSettings settings)
            implements ApplicationCommand {}

    /**
     * Puts other settings in the place of those that are there.
     *
     * @param inactiveSignin null leaves it as it is
     * @param mailServer as a whole; one with a user name and without a password keeps the password that is there, as long
     *     as nothing else of it changes
     */
    record ChangeSettings(
            @TargetAggregateIdentifier String applicationId,
            @Nullable InactiveSignin inactiveSignin,
            Change<String> mailFrom,
            Change<MailServer> mailServer)
            implements ApplicationCommand {}

    /**
     * @param keyId new
     * @param giverHas the permissions of the key that asks for it
     */
    record IssueKey(
            @TargetAggregateIdentifier String applicationId,
            String keyId,
            String digest,
            Set<String> permissions,
            @Nullable String name,
            Set<String> giverHas)
            implements ApplicationCommand {
        public IssueKey {
            permissions = Set.copyOf(permissions);
            giverHas = Set.copyOf(giverHas);
        }
    }

    /**
     * Puts a new key in the place of another one.
     *
     * @param overlap for how long the old one stays valid, 0 to 30 days
     * @param giverHas as in {@link IssueKey}
     */
    record RotateKey(
            @TargetAggregateIdentifier String applicationId,
            String keyId,
            String newKeyId,
            String newDigest,
            Duration overlap,
            Set<String> giverHas)
            implements ApplicationCommand {
        public RotateKey {
            giverHas = Set.copyOf(giverHas);
        }
    }

    record RevokeKey(@TargetAggregateIdentifier String applicationId, String keyId) implements ApplicationCommand {}
}
