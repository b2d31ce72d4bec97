package io.userstore.command.store;

import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows in line with the history: called with the events of each append, in its transaction and before they are
 * inserted, so that either all of it becomes true or nothing. Implementations are thread-safe.
 */
public interface AppendFollower {
    /**
     * Follows the events of one append, which are all of one aggregate.
     *
     * @param enclosure what came with their command, or null
     * @throws RuntimeException to have nothing appended
     */
    void follow(List<? extends DomainEventMessage<?>> events, @Nullable Enclosure enclosure);
}
