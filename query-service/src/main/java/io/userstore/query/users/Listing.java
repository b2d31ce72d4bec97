package io.userstore.query.users;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * One list of users, readable from any place of it forwards and backwards. Every step is a range of an index, so that
 * the last page costs what the first does.
 */
final class Listing {
    private final MongoCollection<UserRow> users;
    private final UserOrder order;
    private final List<Bson> conditions = new ArrayList<>();

    Listing(MongoCollection<UserRow> users, UserQuery query) {
        this.users = users;
        this.order = query.order();
        conditions.add(Filters.eq(UserFields.APPLICATION, query.application()));
        conditions.addAll(query.filter().conditions());
    }

    /** A place in the list: just beside one user. {@code value} is null where the cursor alone is the order. */
    record Place(@Nullable BsonValue value, long cursor) {}

    List<Bson> conditions() {
        return conditions;
    }

    /** The place that a cursor names; null when the order needs to know its user and there is none. */
    @Nullable
    Place at(long cursor) {
        if (order.field() == null) {
            return new Place(null, cursor);
        }
        UserRow row = users.find(Filters.and(conditions.getFirst(), Filters.eq(UserFields.CURSOR, cursor)))
                .first();
        return row == null ? null : of(row);
    }

    Place of(UserRow row) {
        return new Place(order.field() == null ? null : order.value(row), row.cursor());
    }

    /**
     * The user at a place and those next to it, nearest first.
     *
     * @param from null for the end of the list to begin at
     * @param forward in the list's order, or against it
     */
    List<UserRow> rows(@Nullable Place from, boolean forward, int limit) {
        boolean up = order.ascending() == forward;
        if (from == null) {
            return find(List.of(), up, limit);
        }
        Bson beside =
                up ? Filters.gte(UserFields.CURSOR, from.cursor()) : Filters.lte(UserFields.CURSOR, from.cursor());
        String field = order.field();
        BsonValue value = from.value();
        if (field == null || value == null) {
            return find(List.of(beside), up, limit);
        }
        // Two ranges one after the other, where one condition with $or would leave the index.
        List<UserRow> rows = find(List.of(Filters.eq(field, value), beside), up, limit);
        if (rows.size() < limit) {
            Bson further = up ? Filters.gt(field, value) : Filters.lt(field, value);
            rows.addAll(find(List.of(further), up, limit - rows.size()));
        }
        return rows;
    }

    private List<UserRow> find(List<Bson> range, boolean up, int limit) {
        List<Bson> all = new ArrayList<>(conditions);
        all.addAll(range);
        String field = order.field();
        List<String> fields = field == null ? List.of(UserFields.CURSOR) : List.of(field, UserFields.CURSOR);
        return users.find(Filters.and(all))
                .sort(up ? Sorts.ascending(fields) : Sorts.descending(fields))
                .limit(limit)
                // One more than there can be, so that the server closes the cursor with the first answer.
                .batchSize(limit + 1)
                .into(new ArrayList<>());
    }
}
