package io.userstore.command.application;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.userstore.command.application.ApplicationCommand.ChangeSettings;
import io.userstore.command.application.ApplicationCommand.CreateApplication;
import io.userstore.command.application.ApplicationCommand.IssueKey;
import io.userstore.command.application.ApplicationCommand.RevokeKey;
import io.userstore.command.application.ApplicationCommand.RotateKey;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.messaging.annotation.SourceId;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Axon's side of the application: loads and stores what {@link ApplicationDecisions} decides. Any command may be its
 * first, since the application {@code default} is there without an event. Confined to one unit of work.
 */
public class ApplicationAggregate {
    /** The key in a command's metadata for the time at which it is decided. */
    public static final String NOW = "now";

    private static final String PREFIX = "application/";

    @AggregateIdentifier
    private @Nullable String id;

    private @Nullable ApplicationState state;

    /** For Axon, which makes the aggregate before its first event. */
    protected ApplicationAggregate() {}

    /** The application as it was when it had that state. */
    public ApplicationAggregate(String id, ApplicationState state) {
        this.id = id;
        this.state = state;
    }

    /** The aggregate's identifier: no user's id looks like it. */
    public static String idOf(String name) {
        return PREFIX + name;
    }

    /** The name of the application that has that identifier. */
    public static String nameOf(String id) {
        return id.substring(PREFIX.length());
    }

    /** What a command came to: whether and why it was refused, and the state before and after it. */
    public record Outcome(ApplicationDecision decision, ApplicationState before, ApplicationState after) {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Outcome handle(CreateApplication command, @MetaDataValue(NOW) Instant now) {
        return execute(command, now);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Outcome handle(ChangeSettings command, @MetaDataValue(NOW) Instant now) {
        return execute(command, now);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Outcome handle(IssueKey command, @MetaDataValue(NOW) Instant now) {
        return execute(command, now);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Outcome handle(RotateKey command, @MetaDataValue(NOW) Instant now) {
        return execute(command, now);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Outcome handle(RevokeKey command, @MetaDataValue(NOW) Instant now) {
        return execute(command, now);
    }

    private Outcome execute(ApplicationCommand command, Instant now) {
        id = command.applicationId();
        ApplicationState before = stateOf(command.applicationId());
        ApplicationDecision decision = ApplicationDecisions.decide(before, command, now);
        if (decision instanceof ApplicationDecision.Accepted(var events)) {
            events.forEach(event -> apply(event));
        }
        return new Outcome(decision, before, stateOf(command.applicationId()));
    }

    @EventSourcingHandler
    void on(StoredApplicationEvent event, @Timestamp Instant time, @SourceId String sourceId) {
        id = sourceId;
        state = stateOf(sourceId).apply(event, time);
    }

    private ApplicationState stateOf(String applicationId) {
        return state == null ? ApplicationState.initial(nameOf(applicationId)) : state;
    }

    /** The state that the events so far add up to. */
    public ApplicationState state() {
        return stateOf(Objects.requireNonNull(id, "an aggregate has an id once it is loaded"));
    }
}
