package io.userstore.query.statistics;

import io.userstore.query.projection.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * How one user counts: in which group, and as what. Nothing else of a person is remembered in order to count.
 *
 * @param exists false for one who is not there yet or any more, who counts as nothing
 */
record Counted(boolean exists, @Nullable String group, boolean active, boolean verified, boolean pending) {
    static final Counted NOBODY = new Counted(false, null, false, false, false);

    /** What a change of one user adds to the totals of one group. */
    record Difference(@Nullable String group, Map<String, Long> totals) {}

    /** What stands in the document of a user. */
    static Counted of(BsonDocument document) {
        if (!document.containsKey(StatisticsFields.ACTIVE)) {
            return NOBODY;
        }
        @Nullable BsonValue group = document.get(StatisticsFields.GROUP);
        return new Counted(
                true,
                group != null && group.isString() ? group.asString().getValue() : null,
                is(document, StatisticsFields.ACTIVE),
                is(document, StatisticsFields.VERIFIED),
                is(document, StatisticsFields.PENDING));
    }

    /** How the user of that document counts once the change is made. */
    static Counted after(BsonDocument document, Change change) {
        return switch (change) {
            case Change.Create(var fields) -> of(with(new BsonDocument(), fields));
            case Change.Put(var fields) -> of(document).exists ? of(with(document.clone(), fields)) : NOBODY;
            case Change.Erase() -> NOBODY;
            case Change.CreateErased() -> NOBODY;
            case Change.Advance() -> of(document);
        };
    }

    /** What is to be added, per group, when this becomes {@code next}; without zeros. */
    List<Difference> to(Counted next) {
        if (equals(next)) {
            return List.of();
        }
        List<Difference> differences = new ArrayList<>();
        boolean sameGroup = exists && next.exists && Objects.equals(group, next.group);
        if (sameGroup) {
            add(differences, group, next.minus(this));
        } else {
            add(differences, group, NOBODY.minus(this));
            add(differences, next.group, next.minus(NOBODY));
        }
        return differences;
    }

    private static void add(List<Difference> differences, @Nullable String group, Map<String, Long> totals) {
        if (!totals.isEmpty()) {
            differences.add(new Difference(group, totals));
        }
    }

    private Map<String, Long> minus(Counted other) {
        Map<String, Long> totals = new LinkedHashMap<>();
        totals.put(StatisticsFields.USERS, one(exists) - one(other.exists));
        totals.put(StatisticsFields.ACTIVE, one(active) - one(other.active));
        totals.put(StatisticsFields.VERIFIED, one(verified) - one(other.verified));
        totals.put(StatisticsFields.PENDING, one(pending) - one(other.pending));
        totals.values().removeIf(amount -> amount == 0);
        return totals;
    }

    private static long one(boolean counts) {
        return counts ? 1 : 0;
    }

    private static BsonDocument with(BsonDocument document, Map<String, BsonValue> fields) {
        document.putAll(fields);
        return document;
    }

    private static boolean is(BsonDocument document, String field) {
        return document.getBoolean(field, BsonBoolean.FALSE).getValue();
    }
}
