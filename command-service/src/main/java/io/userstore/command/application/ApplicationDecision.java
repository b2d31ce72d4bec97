package io.userstore.command.application;

import java.util.List;

/** What a command comes to: facts (none when nothing changes), or a rejection. */
public sealed interface ApplicationDecision {
    record Accepted(List<StoredApplicationEvent> events) implements ApplicationDecision {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    record Refused(ApplicationRejection rejection) implements ApplicationDecision {}
}
