package io.userstore.command.user;

import java.util.List;

/** What a command comes to: facts (none when nothing changes), or a rejection. */
public sealed interface Decision {
    record Accepted(List<StoredUserEvent> events) implements Decision {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    record Refused(Rejection rejection) implements Decision {}
}
