package io.userstore.query.stream;

import io.userstore.api.event.EventCodec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events a stream has.
 *
 * @param application whose events
 * @param types names of CloudEvents types; empty for all, also those that this version does not know
 * @param user of that user only; null for all
 */
public record EventFilter(
        String application, Set<String> types, @Nullable String user) {
    public EventFilter {
        types = Set.copyOf(types);
    }

    boolean takes(StreamedEvent event) {
        return EventCodec.sourceOf(application).equals(event.source())
                && (types.isEmpty() || types.contains(event.type()))
                && (user == null || user.equals(event.subject()));
    }
}
