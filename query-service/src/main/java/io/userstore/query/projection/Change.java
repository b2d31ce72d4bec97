package io.userstore.query.projection;

import java.util.Map;
import org.bson.BsonValue;

/** What one event does to the document of its user. */
public sealed interface Change {

    /** The user comes into being with these fields; the only change that a user who is not there can take. */
    record Create(Map<String, BsonValue> fields) implements Change {}

    /** The user comes into being and is gone already: nothing is known any more but that there was one. */
    record CreateErased() implements Change {}

    /** These fields get these values. */
    record Put(Map<String, BsonValue> fields) implements Change {}

    /** Nothing stays but what keeps a redelivery from bringing the user back. */
    record Erase() implements Change {}

    /** Nothing changes but the number of the last event. */
    record Advance() implements Change {}
}
