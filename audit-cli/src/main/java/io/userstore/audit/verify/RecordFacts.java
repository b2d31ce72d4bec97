package io.userstore.audit.verify;

import io.userstore.api.json.Json;
import io.userstore.audit.source.LogRecord;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a record says of its place, whatever its type: also one of a later version of the contract.
 *
 * @param number in the user's stream, from 1
 * @param isSignIn which of the two streams
 */
record RecordFacts(long position, String userId, long number, boolean isSignIn) {

    /** Empty for a record that is no event. */
    static Optional<RecordFacts> of(LogRecord record) {
        byte[] value = record.raw().value();
        if (value == null) {
            return Optional.empty();
        }
        try {
            JsonNode json = Json.MAPPER.readTree(value);
            boolean isSignIn = json.has("login_sequence");
            JsonNode number = json.path(isSignIn ? "login_sequence" : "version");
            JsonNode position = json.path("position");
            return number.isIntegralNumber() && position.isIntegralNumber()
                    ? Optional.of(new RecordFacts(
                            position.asLong(), json.path("user_id").asString(""), number.asLong(), isSignIn))
                    : Optional.empty();
        } catch (JacksonException e) {
            // No JSON, so no event: the caller is told by there being nothing.
            return Optional.empty();
        }
    }
}
