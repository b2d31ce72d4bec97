package io.userstore.query.activity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a user's history, as it is answered.
 *
 * @param type the event's name in the catalog, for example {@code user.created}
 * @param version the event's number among those of the user, or null for a sign-in event
 * @param loginSequence the event's number among the sign-in events, or null for another
 * @param position the event's place in the whole history; the cursor of paging
 * @param keyId the key that was used
 * @param requestId the request that caused it
 * @param address the IP address that the sign-in came from, where one was known
 * @param changed the fields that changed, null when it is not that kind of event
 * @param changes the old and the new value of each field whose value may be told, null when there is none
 */
public record ActivityEntry(
        String type,
        Instant time,
        @Nullable Long version,
        @Nullable Long loginSequence,
        long position,
        @Nullable String keyId,
        @Nullable String requestId,
        @Nullable String address,
        @Nullable List<String> changed,
        @Nullable List<FieldChange> changes) {}
