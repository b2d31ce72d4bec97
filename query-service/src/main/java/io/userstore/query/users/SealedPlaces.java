package io.userstore.query.users;

import io.userstore.api.seal.MasterKeys;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonParseException;
import org.bson.json.JsonWriterSettings;

/**
 * Places in lists as clients carry them from page to page. A list that is ordered by what changes goes on from where its last user
 * stood then, wherever that user stands by now. Sealed, since a place tells somebody's name, address or last sign-in, and stands in
 * an address. Thread-safe.
 */
final class SealedPlaces {
    private static final String APPLICATION = "a";
    private static final String ORDER = "o";
    private static final String CURSOR = "c";
    private static final String VALUE = "v";

    /** Keeps the types of values, by which they are ordered. */
    private static final JsonWriterSettings EXACT =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

    private final MasterKeys keys;

    SealedPlaces(MasterKeys keys) {
        this.keys = keys;
    }

    String seal(UserQuery query, Listing.Place place, BsonValue value) {
        return keys.sealOwn(place(query, place.cursor()).append(VALUE, value).toJson(EXACT));
    }

    /** Empty when it was not made for this list and this cursor. */
    Optional<Listing.Place> open(UserQuery query, long cursor, String sealed) {
        return keys.openOwn(sealed).flatMap(json -> {
            try {
                BsonDocument opened = BsonDocument.parse(json);
                BsonValue value = opened.remove(VALUE);
                return value != null && opened.equals(place(query, cursor))
                        ? Optional.of(new Listing.Place(value, cursor))
                        : Optional.empty();
            } catch (JsonParseException e) {
                // Sealed by us, but for something else.
                return Optional.empty();
            }
        });
    }

    private static BsonDocument place(UserQuery query, long cursor) {
        return new BsonDocument(APPLICATION, new BsonString(query.application()))
                .append(ORDER, new BsonString(query.order().text()))
                .append(CURSOR, new BsonInt64(cursor));
    }
}
