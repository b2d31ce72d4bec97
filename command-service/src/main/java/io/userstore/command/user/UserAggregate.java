package io.userstore.command.user;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.userstore.command.user.UserCommand.CreateUser;
import io.userstore.command.user.UserCommand.DeleteUser;
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
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.SourceId;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Axon's side of the user: loads and stores what {@link UserDecisions} decides. Also the form of a snapshot, hence the
 * visible fields. Confined to one unit of work.
 */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE,
        creatorVisibility = Visibility.NONE)
public class UserAggregate {
    /** Null until the first event: Axon locks by it, and a common value would let one creation wait for another. */
    @AggregateIdentifier
    private @Nullable String id;

    private UserState state = UserState.NONE;

    /** For Axon, which makes the aggregate before its first event. */
    protected UserAggregate() {}

    /** The aggregate as it was when it had that state. */
    public UserAggregate(String id, UserState state) {
        this.id = id;
        this.state = state;
    }

    /** What a command came to: whether and why it was refused, and the state after it, which is also that before when refused. */
    public record Outcome(Decision decision, UserState before, UserState after) {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.ALWAYS)
    Outcome handle(CreateUser command) {
        id = command.userId();
        return execute(command);
    }

    @CommandHandler
    Outcome handle(UpdateUser command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(UpgradePasswordHash command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(RequestConfirmation command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(VerifyEmail command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(RequestPasswordReset command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(ResetPassword command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(RecordConfirmationMail command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(DeleteUser command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(LinkAuthProvider command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(UpdateAuthProvider command) {
        return execute(command);
    }

    @CommandHandler
    Outcome handle(UnlinkAuthProviders command) {
        return execute(command);
    }

    private Outcome execute(UserCommand command) {
        UserState before = state;
        Decision decision = UserDecisions.decide(before, command);
        if (decision instanceof Decision.Accepted(var events)) {
            events.forEach(event -> apply(event));
        }
        return new Outcome(decision, before, state);
    }

    @EventSourcingHandler
    void on(StoredUserEvent event, @Timestamp Instant time, @SourceId String sourceId) {
        id = sourceId;
        state = state.apply(event, time);
    }

    /** The state that the events so far add up to. */
    public UserState state() {
        return state;
    }
}
