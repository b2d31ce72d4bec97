package io.userstore.query.projection;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.userstore.query.mongo.CollectionIndexes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Compares the documents of two generations while both are fed. Both are read in the order of their ids, page by page, and what
 * differs is looked at again a little later: an event may have reached only one of them in the moment of the first look. Where in
 * the log the last event stood does not count, since a log may have been made anew.
 */
public final class GenerationComparison {
    private static final int PAGE = 1_000;
    private static final int MOST_LOOKED_AT_AGAIN = 5_000;
    private static final int MOST_EXAMPLES = 20;
    private static final int LOOKS = 6;

    private final MongoDatabase database;
    private final Duration pause;

    /** @param pause between two looks at what differs: longer than a batch takes to be applied to both */
    public GenerationComparison(MongoDatabase database, Duration pause) {
        this.database = database;
        this.pause = pause;
    }

    /** A collection as it is named in both generations. */
    private record Pair(String former, String next) {}

    /** What differed when last looked at, and whether one of the two had changed since the look before. */
    private record Suspect(
            Pair pair,
            String id,
            @Nullable BsonDocument former,
            @Nullable BsonDocument next,
            boolean moved) {

        boolean isEqual() {
            return Objects.equals(former, next);
        }
    }

    /** Counts; what differs is either to be looked at again or, where that is too much, taken as it is. */
    private static final class Tally {
        private long documents;
        private long equal;
        private List<Suspect> suspects = new ArrayList<>();
        private long missing;
        private long added;
        private long changed;
        private long moving;
        private final List<String> examples = new ArrayList<>();

        void take(Suspect suspect) {
            if (suspects.size() < MOST_LOOKED_AT_AGAIN) {
                suspects.add(suspect);
            } else {
                count(suspect);
            }
        }

        void count(Suspect suspect) {
            if (suspect.moved()) {
                moving++;
                return;
            }
            if (suspect.next() == null) {
                missing++;
            } else if (suspect.former() == null) {
                added++;
            } else {
                changed++;
            }
            if (examples.size() < MOST_EXAMPLES) {
                examples.add(suspect.pair().next() + ": " + shown(suspect.id()));
            }
        }

        /** A group's name, which some ids end in, is something that somebody has typed. */
        private static String shown(String id) {
            int name = id.indexOf("|=");
            return name < 0 ? id : id.substring(0, name) + "|=…";
        }
    }

    /**
     * Compares; takes as long as it takes to read both.
     *
     * @param goOn asked now and then; false ends it
     * @return null when it was ended
     * @throws com.mongodb.MongoException when the server is away
     * @throws InterruptedException when the thread is interrupted
     */
    public Rebuild.@Nullable Comparison compare(
            ReadModel model, Generation former, Generation next, BooleanSupplier goOn) throws InterruptedException {
        Tally tally = new Tally();
        for (CollectionIndexes each : model.collections()) {
            if (!merge(
                    new Pair(former.collection(each.collection()), next.collection(each.collection())), tally, goOn)) {
                return null;
            }
        }
        for (int look = 0; look < LOOKS && !tally.suspects.isEmpty(); look++) {
            Thread.sleep(pause);
            if (!goOn.getAsBoolean()) {
                return null;
            }
            lookAgain(tally);
        }
        tally.suspects.forEach(tally::count);
        return new Rebuild.Comparison(
                tally.documents, tally.equal, tally.missing, tally.added, tally.changed, tally.moving, tally.examples);
    }

    private boolean merge(Pair pair, Tally tally, BooleanSupplier goOn) {
        Pages former = new Pages(collection(pair.former()));
        Pages next = new Pages(collection(pair.next()));
        RawBsonDocument left = former.next();
        RawBsonDocument right = next.next();
        for (long seen = 1; left != null || right != null; seen++) {
            if (seen % PAGE == 0 && !goOn.getAsBoolean()) {
                return false;
            }
            int order = left == null ? 1 : right == null ? -1 : inOrder(id(left), id(right));
            RawBsonDocument one = order <= 0 ? left : null;
            RawBsonDocument other = order >= 0 ? right : null;
            if (other != null) {
                tally.documents++;
            }
            // The same bytes are by far the most frequent, and need no decoding.
            if (one != null && other != null && one.getByteBuffer().equals(other.getByteBuffer())) {
                tally.equal++;
            } else {
                Suspect suspect = new Suspect(
                        pair,
                        id(Objects.requireNonNull(one == null ? other : one)),
                        withoutPlace(one),
                        withoutPlace(other),
                        false);
                if (suspect.isEqual()) {
                    tally.equal++;
                } else {
                    tally.take(suspect);
                }
            }
            left = one == null ? left : former.next();
            right = other == null ? right : next.next();
        }
        return true;
    }

    private void lookAgain(Tally tally) {
        List<Suspect> still = new ArrayList<>();
        Map<Pair, List<Suspect>> byPair = tally.suspects.stream().collect(Collectors.groupingBy(Suspect::pair));
        byPair.forEach((pair, suspects) -> {
            for (int i = 0; i < suspects.size(); i += PAGE) {
                List<Suspect> some = suspects.subList(i, Math.min(suspects.size(), i + PAGE));
                List<String> ids = some.stream().map(Suspect::id).toList();
                Map<String, BsonDocument> former = find(pair.former(), ids);
                Map<String, BsonDocument> next = find(pair.next(), ids);
                for (Suspect before : some) {
                    BsonDocument one = former.get(before.id());
                    BsonDocument other = next.get(before.id());
                    boolean moved = !Objects.equals(one, before.former()) || !Objects.equals(other, before.next());
                    Suspect now = new Suspect(pair, before.id(), one, other, moved);
                    if (!now.isEqual()) {
                        still.add(now);
                    } else if (other != null) {
                        tally.equal++;
                    }
                }
            }
        });
        tally.suspects = still;
    }

    private Map<String, BsonDocument> find(String collection, List<String> ids) {
        Map<String, BsonDocument> found = new HashMap<>();
        for (RawBsonDocument document :
                collection(collection).find(Filters.in("_id", ids)).batchSize(ids.size() + 1)) {
            found.put(id(document), Objects.requireNonNull(withoutPlace(document)));
        }
        return found;
    }

    private static @Nullable BsonDocument withoutPlace(@Nullable RawBsonDocument raw) {
        if (raw == null) {
            return null;
        }
        BsonDocument document = new BsonDocument();
        document.putAll(raw);
        document.remove(UserDocuments.PARTITION);
        document.remove(UserDocuments.OFFSET);
        return document;
    }

    private static String id(BsonDocument document) {
        return document.getString("_id").getValue();
    }

    /** As MongoDB sorts text: by its bytes in UTF-8. */
    private static int inOrder(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private MongoCollection<RawBsonDocument> collection(String name) {
        return database.getCollection(name, RawBsonDocument.class);
    }

    /** A collection in the order of its ids; every page is a find of its own, so that nothing is held open meanwhile. */
    private static final class Pages {
        private final MongoCollection<RawBsonDocument> collection;
        private Iterator<RawBsonDocument> page = List.<RawBsonDocument>of().iterator();
        private @Nullable String last;
        private boolean atEnd;

        Pages(MongoCollection<RawBsonDocument> collection) {
            this.collection = collection;
        }

        /** The next document, null at the end. */
        @Nullable
        RawBsonDocument next() {
            if (!page.hasNext() && !atEnd) {
                Bson behind = last == null ? Filters.empty() : Filters.gt("_id", last);
                List<RawBsonDocument> read = collection
                        .find(behind)
                        .sort(Sorts.ascending("_id"))
                        .limit(PAGE)
                        .batchSize(PAGE + 1)
                        .into(new ArrayList<>(PAGE));
                atEnd = read.size() < PAGE;
                last = read.isEmpty() ? last : id(read.getLast());
                page = read.iterator();
            }
            return page.hasNext() ? page.next() : null;
        }
    }
}
