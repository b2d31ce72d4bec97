package io.userstore.command.store;

import io.userstore.command.application.ApplicationCommand;
import io.userstore.command.signin.SignInCommand;
import io.userstore.command.user.UserCommand;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;

/**
 * Whose a command is: what Axon's own resolver would find by the annotations, and looks for by reflection with every command anew.
 * Thread-safe.
 */
final class CommandTargets implements CommandTargetResolver {
    @Override
    public VersionedAggregateIdentifier resolveTarget(CommandMessage<?> command) {
        String id = switch (command.getPayload()) {
            case UserCommand user -> user.userId();
            case SignInCommand signIn -> signIn.signInsId();
            case ApplicationCommand application -> application.applicationId();
            default -> throw new IllegalArgumentException("not a command: " + command.getPayloadType());
        };
        return new VersionedAggregateIdentifier(id, null);
    }
}
