package io.userstore.command.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.userstore.command.application.ApplicationAggregate;
import io.userstore.command.application.ApplicationState;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.SignInsState;
import io.userstore.command.user.UserAggregate;
import io.userstore.command.user.UserState;
import java.time.Duration;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * The latest known states of aggregates, in memory and bounded. The event store is asked for whatever came after, so a state that
 * another instance has left behind is only a head start, never a wrong answer; not asked is it only for what is recorded
 * whatever came after, and then by the append's refusal. Thread-safe.
 */
final class Snapshots {
    static final String USER_TYPE = UserAggregate.class.getSimpleName();
    private static final String SIGN_INS_TYPE = SignIns.class.getSimpleName();

    private static final String APPLICATION_TYPE = ApplicationAggregate.class.getSimpleName();

    private final Cache<String, Object> states;

    /**
     * @param capacity how many states are kept, at least 0
     * @param forgetAfter for how long one is kept that nobody looks at
     */
    Snapshots(long capacity, Duration forgetAfter) {
        states = Caffeine.newBuilder()
                // Its upkeep takes less than to wake another thread for it.
                .executor(Runnable::run)
                .maximumSize(capacity)
                .expireAfterWrite(forgetAfter)
                .build();
    }

    void remember(String userId, UserState state) {
        if (state.exists()) {
            states.put(userId, state);
        } else {
            forget(userId);
        }
    }

    void forget(String userId) {
        states.invalidate(userId);
        states.invalidate(SignIns.idOf(userId));
    }

    /** The user as of that version or a later one, where that is remembered. */
    Optional<UserState> user(String userId, long version) {
        return states.getIfPresent(userId) instanceof UserState state && state.version() >= version
                ? Optional.of(state)
                : Optional.empty();
    }

    /** Also that there are none yet, of users who are remembered: of an id that nobody has, nothing is. */
    void remember(String signInsId, SignInsState state) {
        if (state.sequence() > 0 || holds(SignIns.userIdOf(signInsId))) {
            states.put(signInsId, state);
        }
    }

    /** The user's signing in as of that event or a later one, where that is remembered. */
    Optional<SignInsState> signIns(String signInsId, long sequence) {
        return states.getIfPresent(signInsId) instanceof SignInsState state && state.sequence() >= sequence
                ? Optional.of(state)
                : Optional.empty();
    }

    void remember(String applicationId, ApplicationState state) {
        if (state.version() > 0) {
            states.put(applicationId, state);
        }
    }

    boolean holds(String aggregateId) {
        return states.getIfPresent(aggregateId) != null;
    }

    /** Whether the state in memory is that before the event of this number; before the first one, that there was none. */
    boolean endsBefore(String aggregateId, long sequenceNumber) {
        return switch (states.getIfPresent(aggregateId)) {
            case UserState user -> user.version() == sequenceNumber;
            case SignInsState signIns -> signIns.sequence() == sequenceNumber;
            case ApplicationState application -> application.version() == sequenceNumber;
            case null, default -> false;
        };
    }

    /** The aggregate in its latest known state, as the message that Axon starts loading from. */
    Optional<DomainEventMessage<?>> find(String aggregateId) {
        return Optional.ofNullable(states.getIfPresent(aggregateId)).map(state -> message(aggregateId, state));
    }

    private static @Nullable DomainEventMessage<?> message(String id, Object state) {
        return switch (state) {
            case UserState user -> message(id, user);
            case SignInsState signIns when signIns.sequence() > 0 -> message(id, signIns);
            case ApplicationState application -> message(id, application);
            default -> null;
        };
    }

    /** A new aggregate each time: Axon goes on to change the one it is given. */
    static DomainEventMessage<?> message(String userId, UserState state) {
        return new GenericDomainEventMessage<>(
                USER_TYPE, userId, state.version() - 1, new UserAggregate(userId, state));
    }

    static DomainEventMessage<?> message(String signInsId, SignInsState state) {
        return new GenericDomainEventMessage<>(
                SIGN_INS_TYPE, signInsId, state.sequence() - 1, new SignIns(signInsId, state));
    }

    static DomainEventMessage<?> message(String applicationId, ApplicationState state) {
        return new GenericDomainEventMessage<>(
                APPLICATION_TYPE, applicationId, state.version() - 1, new ApplicationAggregate(applicationId, state));
    }
}
