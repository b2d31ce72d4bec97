package io.userstore.query.users;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import io.userstore.api.event.EventStream;
import io.userstore.api.user.Text;
import io.userstore.api.user.UserResource;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.UserDocuments;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.codecs.configuration.CodecRegistries;
import org.jspecify.annotations.Nullable;

/** Reads users of one generation. Nothing of another application is ever seen. Thread-safe. */
public final class UserReads {
    private final MongoCollection<UserRow> users;
    private final MongoCollection<BsonDocument> documents;
    private final MongoCollection<BsonDocument> totals;
    private final SealedPlaces places;

    UserReads(MongoDatabase database, Generation generation, SealedPlaces places) {
        this.places = places;
        this.documents = database.getCollection(generation.collection(UserFields.COLLECTION), BsonDocument.class);
        this.users = documents
                .withDocumentClass(UserRow.class)
                .withCodecRegistry(CodecRegistries.fromRegistries(
                        CodecRegistries.fromCodecs(new UserRowCodec()), database.getCodecRegistry()));
        this.totals = database.getCollection(generation.collection(UserFields.TOTALS), BsonDocument.class);
    }

    public Optional<UserResource> byId(String application, UUID id) {
        UserRow row = users.find(Filters.eq("_id", id.toString())).first();
        return row != null && row.user().application().equals(application) ? Optional.of(row.user()) : Optional.empty();
    }

    /** Who a user is at an OAuth provider. */
    public record Link(String provider, String clientId) {}

    /** The identities of a user at OAuth providers, by provider. */
    public List<Link> links(String application, UUID id) {
        BsonDocument user = documents
                .find(Filters.and(Filters.eq("_id", id.toString()), Filters.eq(UserFields.APPLICATION, application)))
                .first();
        return user == null
                ? List.of()
                : user.getArray(UserFields.LINKS, new BsonArray()).stream()
                        .map(link -> link.asString().getValue().split(":", 2))
                        .map(parts -> new Link(parts[0], parts[1]))
                        .sorted(Comparator.comparing(Link::provider))
                        .toList();
    }

    /** @param email in any case, as it is compared */
    public Optional<UserResource> byEmail(String application, String email) {
        return byKey(application, UserFields.EMAIL_KEY, Text.key(email));
    }

    /** @param username in any case, as it is compared */
    public Optional<UserResource> byUsername(String application, String username) {
        return byKey(application, UserFields.USERNAME_KEY, Text.key(username));
    }

    /** While an address passes from one user to another, both may show it for a moment: the later change counts. */
    private Optional<UserResource> byKey(String application, String field, String key) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        List<UserRow> found = users.find(
                        Filters.and(Filters.eq(UserFields.APPLICATION, application), Filters.eq(field, key)))
                .into(new ArrayList<>());
        return found.stream().map(UserRow::user).max(Comparator.comparing(UserResource::updatedAt));
    }

    /** One page; empty when the place is none of this list, or when the cursor names no user although the order needs to know one. */
    public Optional<UserPage> list(UserQuery query) {
        Listing listing = new Listing(users, query);
        Long cursor = query.after() == null ? query.before() : query.after();
        Listing.Place from = cursor == null ? null : place(query, listing, cursor);
        if (cursor != null && from == null) {
            return Optional.empty();
        }
        boolean forward = query.before() == null;
        // Read from the user at the cursor on, who is the nearest of the page before: then there is one, at no cost.
        List<UserRow> rows = listing.rows(from, forward, query.limit() + 2);
        boolean atCursor = cursor != null && !rows.isEmpty() && rows.getFirst().cursor() == cursor;
        List<UserRow> rest = atCursor ? rows.subList(1, rows.size()) : rows;
        boolean beyond = rest.size() > query.limit();
        List<UserRow> page = new ArrayList<>(beyond ? rest.subList(0, query.limit()) : rest);
        boolean behind = !page.isEmpty()
                && (atCursor
                        || from != null
                                && listing.rows(listing.of(page.getFirst()), !forward, 2)
                                                .size()
                                        > 1);
        if (!forward) {
            Collections.reverse(page);
        }
        boolean next = forward ? beyond : behind;
        boolean previous = forward ? behind : beyond;
        return Optional.of(new UserPage(
                page.stream().map(UserRow::user).toList(),
                next ? page.getLast().cursor() : null,
                next ? sealed(query, listing.of(page.getLast())) : null,
                previous ? page.getFirst().cursor() : null,
                previous ? sealed(query, listing.of(page.getFirst())) : null,
                count(query, listing)));
    }

    private Listing.@Nullable Place place(UserQuery query, Listing listing, long cursor) {
        return query.place() == null
                ? listing.at(cursor)
                : places.open(query, cursor, query.place()).orElse(null);
    }

    private @Nullable String sealed(UserQuery query, Listing.Place place) {
        return place.value() == null ? null : places.seal(query, place, place.value());
    }

    /** A user and the cursor that the users behind follow on. */
    public record Placed(UserResource user, long cursor) {}

    /** The users behind a cursor in the order of creation, one range of an index; empty at the end. */
    public List<Placed> following(String application, UserFilter filter, long cursor, int limit) {
        UserQuery query = new UserQuery(application, filter, UserOrder.CREATED_AT, limit, cursor, null, null);
        Listing.Place behind = new Listing.Place(null, cursor + 1);
        return new Listing(users, query)
                .rows(behind, true, limit).stream()
                        .map(row -> new Placed(row.user(), row.cursor()))
                        .toList();
    }

    private long count(UserQuery query, Listing listing) {
        return query.filter().isEmpty()
                ? total(query.application())
                : documents.countDocuments(Filters.and(listing.conditions()));
    }

    /** How many users the application has. */
    public long total(String application) {
        long total = 0;
        for (BsonDocument partition : totals.find(Filters.eq(UserFields.APPLICATION, application))) {
            total += partition.getInt64(UserFields.USERS).getValue();
        }
        return total;
    }

    /**
     * Where the read model stands with one user.
     *
     * @param partition of the log, with the offset of the last event that was applied to the user
     */
    public record Standing(int partition, long offset) {}

    /** Where the user stands, once the event with that number has been applied; empty before. */
    public Optional<Standing> standing(String application, UUID id, EventStream stream, long sequence) {
        BsonDocument found = documents
                .find(Filters.eq("_id", id.toString()))
                .projection(Projections.include(
                        UserFields.APPLICATION,
                        UserDocuments.VERSION,
                        UserDocuments.LOGIN_SEQUENCE,
                        UserDocuments.PARTITION,
                        UserDocuments.OFFSET))
                .first();
        if (found == null || isForeign(found, application)) {
            return Optional.empty();
        }
        String field = stream == EventStream.USER ? UserDocuments.VERSION : UserDocuments.LOGIN_SEQUENCE;
        return found.getInt64(field).getValue() < sequence
                ? Optional.empty()
                : Optional.of(new Standing(
                        (int) found.getInt64(UserDocuments.PARTITION).getValue(),
                        found.getInt64(UserDocuments.OFFSET).getValue()));
    }

    /** What remains of a deleted user belongs to no application. */
    private static boolean isForeign(BsonDocument found, String application) {
        return found.containsKey(UserFields.APPLICATION)
                && !found.getString(UserFields.APPLICATION).getValue().equals(application);
    }
}
