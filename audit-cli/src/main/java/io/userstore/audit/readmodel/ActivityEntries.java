package io.userstore.audit.readmodel;

import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.audit.source.ReadModels;
import io.userstore.audit.verify.Difference.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the entries of the activity, whose ids follow from the events: each event of a user has one, which says what the event
 * does, and of a deleted user there is a mark and nothing else. Not thread-safe.
 */
final class ActivityEntries {
    private static final int AT_ONCE = 2_000;
    private static final Pattern ENTRY =
            Pattern.compile("(.+)\\|(?:(u|s)\\|([1-9][0-9]{0,17})|deleted)", Pattern.DOTALL);
    private static final String MARK = "|deleted";

    private final ReadModels models;
    private final String collection;
    private final Findings findings;

    private final Map<String, FoldedUser> chunk = new LinkedHashMap<>();
    private final Map<FoldedUser, List<String>> wrong = new LinkedHashMap<>();
    private long expected;

    ActivityEntries(ReadModels models, String collection, Findings findings) {
        this.models = models;
        this.collection = collection;
        this.findings = findings;
    }

    /** Is told what is wrong with the entries of a user. */
    @FunctionalInterface
    interface Findings {
        void tell(Kind kind, String userId, String what);
    }

    /**
     * An entry by its id.
     *
     * @param number 0 for the mark of a deletion
     */
    record Entry(String userId, boolean isSignIn, long number) {
        /** @return null when it is no id of an entry */
        static @Nullable Entry of(String id) {
            Matcher parts = ENTRY.matcher(id);
            if (!parts.matches()) {
                return null;
            }
            return parts.group(3) == null
                    ? new Entry(parts.group(1), false, 0)
                    : new Entry(parts.group(1), parts.group(2).equals("s"), Long.parseLong(parts.group(3)));
        }

        String words() {
            return number == 0 ? "the mark of the deletion" : (isSignIn ? "login_sequence " : "version ") + number;
        }
    }

    /** Entries that there have to be. */
    long expected() {
        return expected;
    }

    /** Compares the entries of events with them, those that are there: of a user who is deleted later on they are not. */
    void compare(List<PublishedEvent> events) {
        for (int from = 0; from < events.size(); from += AT_ONCE) {
            Map<String, PublishedEvent> some = new LinkedHashMap<>();
            for (PublishedEvent event : events.subList(from, Math.min(from + AT_ONCE, events.size()))) {
                if (!(event.data() instanceof UserEvent.UserDeleted)) {
                    some.put(id(event.userId(), event.type().stream(), event.sequence()), event);
                }
            }
            Map<String, BsonDocument> documents = models.at(collection, some.keySet());
            some.forEach((id, event) -> {
                BsonDocument document = documents.get(id);
                Set<String> unlike = document == null ? Set.of() : EntryForm.unlike(event, document);
                if (!unlike.isEmpty()) {
                    findings.tell(
                            Kind.DOCUMENT_CHANGED,
                            event.userId(),
                            "the entry of %s differs from its event in %s"
                                    .formatted(words(id), String.join(", ", unlike)));
                }
            });
        }
    }

    private static String id(String userId, EventStream stream, long number) {
        return userId + (stream == EventStream.USER ? "|u|" : "|s|") + number;
    }

    private static String words(String id) {
        Entry entry = Entry.of(id);
        return entry == null ? id : entry.words();
    }

    void look(FoldedUser user) {
        for (long number = 1; number <= user.version(); number++) {
            look(user, EventStream.USER, number);
        }
        for (long number = 1; number <= user.loginSequence(); number++) {
            look(user, EventStream.SIGN_INS, number);
        }
        if (user.isDeleted()) {
            expected++;
            put(user.id() + MARK, user);
        }
    }

    private void look(FoldedUser user, EventStream stream, long number) {
        if (user.hasEntry(stream, number)) {
            expected += user.isDeleted() ? 0 : 1;
            put(id(user.id(), stream, number), user);
        }
    }

    private void put(String id, FoldedUser user) {
        chunk.put(id, user);
        if (chunk.size() == AT_ONCE) {
            askFor();
        }
    }

    private void askFor() {
        if (chunk.isEmpty()) {
            return;
        }
        Set<String> present = models.present(collection, chunk.keySet());
        chunk.forEach((id, user) -> {
            if (present.contains(id) != isDue(id, user)) {
                wrong.computeIfAbsent(user, one -> new ArrayList<>()).add(id);
            }
        });
        chunk.clear();
    }

    private static boolean isDue(String id, FoldedUser user) {
        return user.isDeleted() == id.endsWith(MARK);
    }

    /** Tells what is wrong with those looked at so far. */
    void tell() {
        askFor();
        wrong.forEach((user, ids) -> {
            // Whoever was deleted meanwhile has the mark from before the first entry goes.
            if (user.isDeleted()
                    || !models.present(collection, List.of(user.id() + MARK)).contains(user.id() + MARK)) {
                tell(user, ids, true, Kind.DOCUMENT_MISSING, "there is no entry of ");
                tell(user, ids, false, Kind.DOCUMENT_UNKNOWN, "the user is deleted, and there is still ");
            }
        });
        wrong.clear();
    }

    private void tell(FoldedUser user, List<String> ids, boolean due, Kind kind, String what) {
        List<String> of = ids.stream().filter(id -> isDue(id, user) == due).toList();
        if (!of.isEmpty()) {
            String more = of.size() == 1 ? "" : " and " + (of.size() - 1) + " more";
            findings.tell(kind, user.id(), what + words(of.getFirst()) + more);
        }
    }
}
