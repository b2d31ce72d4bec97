package io.userstore.audit.readmodel;

import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonDateTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How an event has to stand in the activity. What is personal stands there as it was published, and so needs no key. */
final class EntryForm {
    private EntryForm() {}

    /** The names of the fields that differ, sorted. */
    static Set<String> unlike(PublishedEvent event, Map<String, ?> document) {
        boolean isSignIn = event.type().stream() == EventStream.SIGN_INS;
        Map<String, @Nullable Object> expected = new HashMap<>();
        expected.put("application", event.application());
        expected.put("user_id", event.userId());
        expected.put("type", event.type().publishedName());
        expected.put("time", new BsonDateTime(event.time().toEpochMilli()));
        expected.put("position", event.position());
        expected.put("version", isSignIn ? null : event.sequence());
        expected.put("login_sequence", isSignIn ? event.sequence() : null);
        expected.put("key_id", event.actor().keyId());
        expected.put("request_id", event.actor().requestId());
        ObjectNode data = Json.MAPPER.valueToTree(event.data());
        @Nullable JsonNode clear = data.remove("personal");
        PublishedEvent.Seal seal = event.seal();
        expected.put("personal", seal != null ? seal.jwe() : clear == null ? null : clear.toString());
        expected.put("data", data);

        Set<String> names = new TreeSet<>(document.keySet());
        names.remove("_id");
        names.addAll(expected.keySet());
        // A field that is not there is as one that is null.
        names.removeIf(name -> Plain.of(document.get(name)).equals(Plain.of(expected.get(name))));
        return names;
    }
}
