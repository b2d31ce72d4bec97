package io.userstore.command.store;

import io.userstore.command.application.ApplicationAggregate;
import io.userstore.command.application.ApplicationState;
import io.userstore.command.application.StoredApplicationEvent;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.SignInsState;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.store.Reservations.Holder;
import io.userstore.command.store.Reservations.UserGoneException;
import io.userstore.command.user.StoredUserEvent;
import io.userstore.command.user.UserAggregate;
import io.userstore.command.user.UserState;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the committed state of a user or an application without a command, and remembers states so that the next load is short: the
 * latest in memory, and every so often one in the database. Thread-safe.
 */
public final class AggregateStates {
    private static final Logger LOG = LoggerFactory.getLogger(AggregateStates.class);

    private final EventStore events;
    private final EventStorageEngine storage;
    private final Snapshots snapshots;
    private final Reservations reservations;
    private final TransactionManager transactions;
    private final Executor background;
    private final int snapshotEvery;

    /** @param snapshotEvery a snapshot is stored whenever a stream has grown by that many events, at least 2 */
    AggregateStates(
            EventStore events,
            EventStorageEngine storage,
            Snapshots snapshots,
            Reservations reservations,
            TransactionManager transactions,
            Executor background,
            int snapshotEvery) {
        this.events = events;
        this.storage = storage;
        this.snapshots = snapshots;
        this.reservations = reservations;
        this.transactions = transactions;
        this.background = background;
        this.snapshotEvery = snapshotEvery;
    }

    /** The user's state; {@link UserState#NONE} when there never was one with that id. */
    public UserState user(String userId) {
        UserState state = UserState.NONE;
        DomainEventStream stream = events.readEvents(userId);
        while (stream.hasNext()) {
            DomainEventMessage<?> message = stream.next();
            state = switch (message.getPayload()) {
                case UserAggregate snapshot -> snapshot.state();
                case StoredUserEvent event -> state.apply(event, message.getTimestamp());
                default -> throw unexpected(message);
            };
        }
        snapshots.remember(userId, state);
        return state;
    }

    /** The same as {@link #user(String)}, where it is in memory as of the version that is known of the user. */
    public Optional<UserState> remembered(Holder holder) {
        return snapshots.user(holder.userId().toString(), holder.version());
    }

    /** The same as {@link #signIns(String)}, where it is in memory as of what is known of the user, or known to have been none. */
    public Optional<SignInsState> rememberedSignIns(Holder holder) {
        String id = SignIns.idOf(holder.userId().toString());
        Optional<SignInsState> remembered = snapshots.signIns(id, holder.signIns());
        if (remembered.isEmpty() && holder.signIns() == 0) {
            snapshots.remember(id, SignInsState.NONE);
            return Optional.of(SignInsState.NONE);
        }
        return remembered;
    }

    /** Whether the next command on the aggregate can be decided on a state in memory. */
    boolean remembers(String aggregateId) {
        return snapshots.holds(aggregateId);
    }

    /** The user's signing in; {@link SignInsState#NONE} before the first time. */
    public SignInsState signIns(String userId) {
        String id = SignIns.idOf(userId);
        SignInsState state = SignInsState.NONE;
        DomainEventStream stream = events.readEvents(id);
        while (stream.hasNext()) {
            DomainEventMessage<?> message = stream.next();
            state = switch (message.getPayload()) {
                case SignIns snapshot -> snapshot.state();
                case StoredSignInEvent event -> state.apply(event, message.getTimestamp());
                default -> throw unexpected(message);
            };
        }
        snapshots.remember(id, state);
        return state;
    }

    /** The application's state; {@link ApplicationState#initial} when nothing has ever been recorded of it. */
    public ApplicationState application(String name) {
        String id = ApplicationAggregate.idOf(name);
        ApplicationState state = ApplicationState.initial(name);
        DomainEventStream stream = events.readEvents(id);
        while (stream.hasNext()) {
            DomainEventMessage<?> message = stream.next();
            state = switch (message.getPayload()) {
                case ApplicationAggregate snapshot -> snapshot.state();
                case StoredApplicationEvent event -> state.apply(event, message.getTimestamp());
                default -> throw unexpected(message);
            };
        }
        snapshots.remember(id, state);
        return state;
    }

    /** In memory only: applications are few and change seldom. */
    void remember(String applicationId, ApplicationState state) {
        snapshots.remember(applicationId, state);
    }

    /** @param before the state before the command; a command may have made several events */
    void remember(String userId, UserState before, UserState state) {
        snapshots.remember(userId, state);
        if (state.exists() && before.version() / snapshotEvery < state.version() / snapshotEvery) {
            store(userId, Snapshots.message(userId, state));
        }
    }

    /** @param before the state before the command, which may have made several events, or none */
    void remember(String signInsId, SignInsState before, SignInsState state) {
        snapshots.remember(signInsId, state);
        if (before.sequence() / snapshotEvery < state.sequence() / snapshotEvery) {
            store(SignIns.userIdOf(signInsId), Snapshots.message(signInsId, state));
        }
    }

    /** A snapshot only saves time, so losing one is worth a line in the log and nothing more. */
    private void store(String userId, DomainEventMessage<?> snapshot) {
        try {
            background.execute(() -> {
                try {
                    transactions.executeInTransaction(() -> {
                        // A deleted user must not come back as a snapshot.
                        reservations.requireUser(UUID.fromString(userId));
                        storage.storeSnapshot(snapshot);
                    });
                } catch (UserGoneException e) {
                    LOG.debug("no snapshot: the user has gone");
                } catch (RuntimeException e) {
                    LOG.warn("a snapshot could not be stored: {}", e.getClass().getName());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("no snapshot: too many are being stored");
        }
    }

    private static IllegalStateException unexpected(DomainEventMessage<?> message) {
        return new IllegalStateException("not an event of this stream: " + message.getPayloadType());
    }
}
