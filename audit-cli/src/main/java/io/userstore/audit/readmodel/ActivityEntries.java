package io.userstore.audit.readmodel;

import io.userstore.api.event.EventStream;
import io.userstore.audit.source.ReadModels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the entries of the activity, whose ids follow from the events: each event of a user has one, and of a deleted user
 * there is a mark and nothing else. Not thread-safe.
 */
final class ActivityEntries {
    private static final int AT_ONCE = 2_000;
    private static final Pattern ENTRY =
            Pattern.compile("(.+)\\|(?:(u|s)\\|([1-9][0-9]{0,17})|deleted)", Pattern.DOTALL);
    private static final String MARK = "|deleted";

    private final ReadModels models;
    private final String collection;
    private final BiConsumer<String, String> missing;
    private final BiConsumer<String, String> unknown;

    private final Map<String, FoldedUser> chunk = new LinkedHashMap<>();
    private final Map<FoldedUser, List<String>> wrong = new LinkedHashMap<>();
    private long expected;

    /**
     * @param missing is told of the user and of what is not there, in words; {@code unknown} of what should not be there
     */
    ActivityEntries(
            ReadModels models,
            String collection,
            BiConsumer<String, String> missing,
            BiConsumer<String, String> unknown) {
        this.models = models;
        this.collection = collection;
        this.missing = missing;
        this.unknown = unknown;
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

    void look(FoldedUser user) {
        for (long number = 1; number <= user.version(); number++) {
            look(user, EventStream.USER, "|u|", number);
        }
        for (long number = 1; number <= user.loginSequence(); number++) {
            look(user, EventStream.SIGN_INS, "|s|", number);
        }
        if (user.isDeleted()) {
            expected++;
            put(user.id() + MARK, user);
        }
    }

    private void look(FoldedUser user, EventStream stream, String infix, long number) {
        if (user.hasEntry(stream, number)) {
            expected += user.isDeleted() ? 0 : 1;
            put(user.id() + infix + number, user);
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
                tell(user, ids, true, missing);
                tell(user, ids, false, unknown);
            }
        });
        wrong.clear();
    }

    private static void tell(FoldedUser user, List<String> ids, boolean due, BiConsumer<String, String> listener) {
        List<String> of = ids.stream().filter(id -> isDue(id, user) == due).toList();
        Entry first = of.isEmpty() ? null : Entry.of(of.getFirst());
        if (first != null) {
            listener.accept(user.id(), first.words() + (of.size() == 1 ? "" : " and " + (of.size() - 1) + " more"));
        }
    }
}
