package io.userstore.audit.readmodel;

import io.userstore.api.event.PublishedEvent;
import io.userstore.api.seal.MasterKeys;
import io.userstore.audit.source.EventStore;
import io.userstore.audit.source.EventStore.Standing;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.EventTopic.Range;
import io.userstore.audit.source.ReadModels;
import io.userstore.audit.source.ReadModels.Generation;
import io.userstore.audit.source.ReadModels.Place;
import io.userstore.audit.source.ReadModels.View;
import io.userstore.audit.verify.Difference;
import io.userstore.audit.verify.Difference.Kind;
import io.userstore.audit.verify.Differences;
import io.userstore.audit.verify.Ticks;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Compares the read models with a fold of all events of the log, partition by partition, each document at the place in the log
 * where it is: events that the read models have not taken yet are left out, and to documents that have taken more meanwhile the
 * fold goes on. In the end it looks for documents that no event has made. The store may be in use. Memory: some 1 KB per user of
 * one partition, and the ids of the documents of totals and counters. Not thread-safe.
 */
public final class ReadModelVerification {
    private static final int AT_ONCE = 1_000;
    private static final Pattern PARTITION_OF_TOTALS =
            Pattern.compile("[^|]*(?:\\|[0-9-]+)?\\|p([0-9]{1,9})(?:\\|.*)?", Pattern.DOTALL);

    private final ReadModels models;
    private final EventStore store;
    private final EventTopic events;
    private final UserKeyring keys;
    private final Differences differences;
    private final Ticks ticks;

    private final Generation users;
    private final Generation statistics;
    private final Generation activity;
    private final List<String> notes = new ArrayList<>();
    private final Set<Counters.Key> totals = new HashSet<>();
    /** By partition, the last offset that was looked at. */
    private final Map<Integer, Long> ends = new HashMap<>();

    private long total;
    private long folded;
    private long seenUsers;
    private long seenEntries;
    private long behind;

    /** @param masters opens what is personal; without it that is not compared */
    public ReadModelVerification(
            ReadModels models,
            EventStore store,
            EventTopic events,
            Optional<MasterKeys> masters,
            Differences differences,
            Ticks ticks) {
        this.models = models;
        this.store = store;
        this.events = events;
        this.keys = new UserKeyring(store, masters);
        this.differences = differences;
        this.ticks = ticks;
        this.users = models.serving(View.USERS);
        this.statistics = models.serving(View.STATISTICS);
        this.activity = models.serving(View.ACTIVITY);
        if (masters.isEmpty()) {
            notes.add("What is personal was not compared: there is no master key.");
        }
    }

    /** They cannot be compared; the message says why. */
    public static class NotComparableException extends IOException {
        private static final long serialVersionUID = 1L;

        NotComparableException(String message) {
            super(message);
        }
    }

    /**
     * Looks at everything once.
     *
     * @throws com.mongodb.MongoException when MongoDB is away
     * @throws NotComparableException when they cannot be compared
     */
    public ReadModelReport run() throws SQLException, IOException {
        List<Range> ranges = events.ranges();
        total = ranges.stream().mapToLong(Range::size).sum();
        for (Range range : ranges) {
            partition(range);
        }
        if (ends.isEmpty() && behind > 0) {
            notes.add(
                    "Nothing was compared: no progress of %s, %s and %s is there, in the form that this release knows."
                            .formatted(users.key(), statistics.key(), activity.key()));
        }
        unknownUsers(users.collection("users"));
        unknownUsers(statistics.collection("statistics_users"));
        for (Counters.Kind kind : Counters.Kind.values()) {
            unknownTotals(kind);
        }
        unknownEntries();
        for (Generation one : List.of(users, statistics, activity)) {
            if (!models.isFed(one)) {
                throw new NotComparableException(one.key() + " was replaced by a rebuild meanwhile; begin again");
            }
        }
        return new ReadModelReport(seenUsers, totals.size(), seenEntries, behind, List.copyOf(notes));
    }

    private void partition(Range range) throws SQLException, IOException {
        if (range.begin() > 0 && differences.counts().containsKey(Kind.RECORD_MISSING)) {
            // One that was filled again has everything, behind what was left of it.
            notes.add("Partition %d was left out: its log begins at offset %d, and records are missing."
                    .formatted(range.partition(), range.begin()));
            return;
        }
        OptionalLong reached = models.progress(List.of(users, statistics, activity), range.partition());
        long end = Math.min(reached.orElse(-1) + 1, range.end());
        behind += range.end() - end;
        if (reached.isEmpty()) {
            return;
        }
        ends.put(range.partition(), end - 1);
        PartitionFold fold = new PartitionFold(range.partition(), keys);
        ActivityEntries entries = entries(range.partition());
        read(new Range(range.partition(), range.begin(), end), fold, entries::compare);
        Ahead ahead = new Ahead(range.partition());
        compareUsers(fold, UserForm.USERS, users.collection("users"), ahead);
        compareUsers(fold, UserForm.STATISTICS_USERS, statistics.collection("statistics_users"), ahead);
        lookFor(entries, fold);
        boolean areTotalsAhead = compareTotals(fold, range.partition());
        if (areTotalsAhead || !ahead.isEmpty()) {
            goOn(fold, ahead, new Range(range.partition(), end, now(range.partition())));
        }
    }

    /** @param listener is told of the events that were news, as they were published */
    private void read(Range range, PartitionFold fold, Consumer<List<PublishedEvent>> listener)
            throws SQLException, IOException {
        events.read(range, batch -> {
            listener.accept(fold.take(batch));
            folded += batch.size();
            tick();
        });
    }

    private void tick() {
        ticks.at("comparing read models", Math.min(folded, total), total);
    }

    private long now(int partition) {
        return events.ranges().stream()
                .filter(range -> range.partition() == partition)
                .mapToLong(Range::end)
                .findFirst()
                .orElse(0);
    }

    /** To the documents that had taken more than was folded. */
    private void goOn(PartitionFold fold, Ahead ahead, Range rest) throws SQLException, IOException {
        // No totals come up any more, so what is counted for the first time behind the end stays behind it.
        fold.counters().close();
        fold.onChange(ahead::compareWith);
        read(rest, fold, news -> {});
        ahead.tellRest(fold);
        fold.counters().all().forEach((key, sums) -> {
            BsonDocument document = sums.document();
            if (document != null) {
                tellTotals(key, sums.unlike(document), rest.partition());
            }
        });
    }

    /** Documents that have taken more events than were folded when they were read. */
    private final class Ahead {
        private final int partition;
        private final Map<String, List<Waiting>> waiting = new HashMap<>();

        private record Waiting(UserForm form, String collection, BsonDocument document) {}

        Ahead(int partition) {
            this.partition = partition;
        }

        boolean isEmpty() {
            return waiting.isEmpty();
        }

        void add(String userId, UserForm form, String collection, BsonDocument document) {
            waiting.computeIfAbsent(userId, id -> new ArrayList<>()).add(new Waiting(form, collection, document));
        }

        void compareWith(FoldedUser user) {
            List<Waiting> own = waiting.get(user.id());
            if (own != null
                    && own.removeIf(one -> {
                        boolean isThere = Numbers.of(user).equals(Numbers.of(one.document()));
                        if (isThere) {
                            compareFields(user, one.form(), one.collection(), one.document(), partition);
                        }
                        return isThere;
                    })
                    && own.isEmpty()) {
                waiting.remove(user.id());
            }
        }

        void tellRest(PartitionFold fold) {
            waiting.forEach((id, documents) -> documents.forEach(one -> {
                FoldedUser user = fold.users().get(id);
                if (user != null) {
                    tellNumbers(user, one.collection(), Numbers.of(one.document()), partition);
                }
            }));
        }
    }

    /** How far a document is. */
    private record Numbers(long version, long loginSequence) {
        static Numbers of(FoldedUser user) {
            return new Numbers(user.version(), user.loginSequence());
        }

        static Numbers of(BsonDocument document) {
            return new Numbers(number(document, "version"), number(document, "login_sequence"));
        }

        private static long number(BsonDocument document, String field) {
            return document.isInt64(field) ? document.getInt64(field).getValue() : -1;
        }

        boolean isAheadOf(Numbers other) {
            return version >= other.version && loginSequence >= other.loginSequence && !equals(other);
        }

        @Override
        public String toString() {
            return "version " + version + ", login_sequence " + loginSequence;
        }
    }

    private void compareUsers(PartitionFold fold, UserForm form, String collection, Ahead ahead) {
        int partition = fold.counters().partition();
        List<FoldedUser> batch = new ArrayList<>(AT_ONCE);
        for (FoldedUser user : fold.users().values()) {
            if (!user.isCreated()) {
                continue;
            }
            batch.add(user);
            if (batch.size() == AT_ONCE) {
                compareUsers(batch, form, collection, partition, ahead);
                batch.clear();
            }
        }
        compareUsers(batch, form, collection, partition, ahead);
    }

    private void compareUsers(List<FoldedUser> batch, UserForm form, String collection, int partition, Ahead ahead) {
        if (batch.isEmpty()) {
            return;
        }
        Map<String, BsonDocument> documents =
                models.at(collection, batch.stream().map(FoldedUser::id).toList());
        for (FoldedUser user : batch) {
            BsonDocument document = documents.get(user.id());
            if (document == null) {
                add(Kind.DOCUMENT_MISSING, collection + ": there is no document of the user", user.id(), partition);
                continue;
            }
            seenUsers += form == UserForm.USERS ? 1 : 0;
            Numbers is = Numbers.of(document);
            Numbers should = Numbers.of(user);
            if (is.equals(should)) {
                compareFields(user, form, collection, document, partition);
            } else if (is.isAheadOf(should)) {
                ahead.add(user.id(), form, collection, document);
            } else {
                tellNumbers(user, collection, is, partition);
            }
        }
        tick();
    }

    private void compareFields(
            FoldedUser user, UserForm form, String collection, BsonDocument document, int partition) {
        Set<String> unlike = form.unlike(user, document);
        if (!unlike.isEmpty()) {
            add(
                    Kind.DOCUMENT_CHANGED,
                    "%s: the document differs from the events up to %s in %s"
                            .formatted(collection, Numbers.of(user), String.join(", ", unlike)),
                    user.id(),
                    partition);
        }
    }

    private void tellNumbers(FoldedUser user, String collection, Numbers is, int partition) {
        add(
                Kind.DOCUMENT_CHANGED,
                "%s: the document is at %s, and the events that it has to have come to %s"
                        .formatted(collection, is, Numbers.of(user)),
                user.id(),
                partition);
    }

    private ActivityEntries entries(int partition) {
        String collection = activity.collection("activity");
        return new ActivityEntries(
                models, collection, (kind, user, what) -> add(kind, collection + ": " + what, user, partition));
    }

    private void lookFor(ActivityEntries entries, PartitionFold fold) {
        for (FoldedUser user : fold.users().values()) {
            entries.look(user);
            tick();
        }
        entries.tell();
        seenEntries += entries.expected();
    }

    private String collection(Counters.Kind kind) {
        return switch (kind) {
            case USERS -> users.collection("users_totals");
            case TOTALS -> statistics.collection("statistics_totals");
            case GROUPS -> statistics.collection("statistics_groups");
            case DAYS -> statistics.collection("statistics_days");
            case GROUP_DAYS -> statistics.collection("statistics_group_days");
        };
    }

    /** Compares the totals; answers whether some have counted more than was folded. */
    private boolean compareTotals(PartitionFold fold, int partition) {
        Map<Counters.Key, Counters.Sums> all = fold.counters().all();
        totals.addAll(all.keySet());
        boolean ahead = false;
        for (Counters.Kind kind : Counters.Kind.values()) {
            List<Counters.Key> keysOfKind =
                    all.keySet().stream().filter(key -> key.kind() == kind).toList();
            for (int from = 0; from < keysOfKind.size(); from += AT_ONCE) {
                List<Counters.Key> some = keysOfKind.subList(from, Math.min(from + AT_ONCE, keysOfKind.size()));
                Map<String, BsonDocument> documents = models.at(
                        collection(kind), some.stream().map(Counters.Key::id).toList());
                for (Counters.Key key : some) {
                    ahead |= compareTotals(key, fold, documents.get(key.id()), partition);
                }
            }
        }
        return ahead;
    }

    private boolean compareTotals(
            Counters.Key key, PartitionFold fold, @Nullable BsonDocument document, int partition) {
        Counters.Sums sums = fold.counters().of(key);
        if (document == null) {
            add(Kind.DOCUMENT_MISSING, collection(key.kind()) + ": there is no " + key.id(), null, partition);
            return false;
        }
        long offset = Counters.offset(document);
        if (offset > ends.getOrDefault(partition, -1L)) {
            sums.upTo(offset, document);
            return true;
        }
        tellTotals(key, sums.unlike(document), partition);
        return false;
    }

    private void tellTotals(Counters.Key key, String unlike, int partition) {
        if (!unlike.isEmpty()) {
            add(
                    Kind.DOCUMENT_CHANGED,
                    "%s: of %s, %s".formatted(collection(key.kind()), key.id(), unlike),
                    null,
                    partition);
        }
    }

    private void unknownUsers(String collection) throws SQLException, IOException {
        models.places(collection, page -> {
            List<String> ids = page.stream().map(Place::id).toList();
            Set<String> known = store.standings(ids).keySet();
            ids.stream()
                    .filter(id -> !known.contains(id))
                    .forEach(id -> add(
                            Kind.DOCUMENT_UNKNOWN,
                            collection + ": there never was such a user in the store",
                            id,
                            null));
            tick();
        });
    }

    /** A document that counts what came after the look at its partition is not looked at. */
    private void unknownTotals(Counters.Kind kind) throws SQLException, IOException {
        models.places(
                collection(kind),
                page -> page.stream()
                        .filter(one -> !totals.contains(new Counters.Key(kind, one.id())))
                        .filter(this::isDue)
                        .forEach(one -> add(
                                Kind.DOCUMENT_UNKNOWN,
                                collection(kind) + ": no event has made " + one.id(),
                                null,
                                null)));
    }

    private boolean isDue(Place totalsAt) {
        Matcher id = PARTITION_OF_TOTALS.matcher(totalsAt.id());
        if (!id.matches()) {
            return true;
        }
        int partition = Integer.parseInt(id.group(1));
        Long end = ends.get(partition);
        // Of a partition that was left out nothing is known; of one that the log does not have, all.
        return end == null ? partition >= partitions() : totalsAt.offset() <= end;
    }

    private int partitions() {
        return events.ranges().size();
    }

    private void unknownEntries() throws SQLException, IOException {
        String collection = activity.collection("activity");
        models.places(collection, page -> {
            Map<String, ActivityEntries.Entry> entries = new HashMap<>();
            for (Place one : page) {
                ActivityEntries.Entry entry = ActivityEntries.Entry.of(one.id());
                if (entry == null) {
                    add(Kind.DOCUMENT_UNKNOWN, collection + ": no event makes an entry " + one.id(), null, null);
                } else {
                    entries.put(one.id(), entry);
                }
            }
            Set<String> ids = new HashSet<>();
            entries.values().forEach(entry -> ids.add(entry.userId()));
            Map<String, Standing> standings = store.standings(ids);
            for (ActivityEntries.Entry entry : entries.values()) {
                if (!isMade(entry, standings.get(entry.userId()))) {
                    add(
                            Kind.DOCUMENT_UNKNOWN,
                            collection + ": the store has no event for " + entry.words(),
                            entry.userId(),
                            null);
                }
            }
            tick();
        });
    }

    private static boolean isMade(ActivityEntries.Entry entry, @Nullable Standing user) {
        if (user == null) {
            return false;
        }
        return entry.number() == 0
                ? user.isDeleted()
                : entry.number() <= (entry.isSignIn() ? user.loginSequence() : user.version());
    }

    private void add(Kind kind, String what, @Nullable String userId, @Nullable Integer partition) {
        differences.add(new Difference(kind, what, null, null, userId, partition, null));
    }
}
