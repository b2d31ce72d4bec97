package io.userstore.command.signin;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.userstore.command.signin.SignInCommand.RecordFailure;
import io.userstore.command.signin.SignInCommand.RecordLogin;
import io.userstore.command.signin.SignInCommand.RecordSignOut;
import io.userstore.command.signin.StoredSignInEvent.Origin;
import io.userstore.command.signin.StoredSignInEvent.SignedOut;
import java.time.Instant;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.SourceId;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/** One user's signing in and out; comes into being with the first fact. Confined to one unit of work. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE,
        creatorVisibility = Visibility.NONE)
public class SignIns {
    /** What the aggregate's identifier has behind the user's. */
    public static final String SUFFIX = "/sign-ins";

    /** Null until the first event: Axon locks by it, and a common value would let one creation wait for another. */
    @AggregateIdentifier
    private @Nullable String id;

    private SignInsState state = SignInsState.NONE;

    /** For Axon, which makes the aggregate before its first event. */
    protected SignIns() {}

    /** The aggregate as it was when it had that state. */
    public SignIns(String id, SignInsState state) {
        this.id = id;
        this.state = state;
    }

    /** The state before and after a command; the same when nothing was recorded. */
    public record Outcome(SignInsState before, SignInsState after) {
        public boolean recorded() {
            return before.sequence() < after.sequence();
        }
    }

    /** The aggregate's identifier for a user: two streams of one user need two names. */
    public static String idOf(String userId) {
        return userId + SUFFIX;
    }

    /** The user whose sign-ins have that identifier. */
    public static String userIdOf(String signInsId) {
        return signInsId.substring(0, signInsId.length() - SUFFIX.length());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Outcome handle(RecordLogin command) {
        return record(command, state.decide(command));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Outcome handle(RecordFailure command) {
        return record(command, state.decide(command));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Outcome handle(RecordSignOut command) {
        return record(command, List.of(new SignedOut(new Origin(command.address()))));
    }

    private Outcome record(SignInCommand command, List<StoredSignInEvent> events) {
        SignInsState before = state;
        id = command.signInsId();
        events.forEach(AggregateLifecycle::apply);
        return new Outcome(before, state);
    }

    @EventSourcingHandler
    void on(StoredSignInEvent event, @Timestamp Instant time, @SourceId String sourceId) {
        id = sourceId;
        state = state.apply(event, time);
    }

    /** The state that the events so far add up to. */
    public SignInsState state() {
        return state;
    }
}
