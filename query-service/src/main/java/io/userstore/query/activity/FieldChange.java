package io.userstore.query.activity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * The value of one field before and after an event: text, number or boolean.
 *
 * @param field as in the user object, for example {@code email}; {@code extra.} and the key for a custom value, and
 *     {@code auth_providers.google.client_id} for an identity
 * @param before null when there was none
 * @param after null when there is none any more
 */
@JsonPropertyOrder({"field", "old", "new"})
@JsonInclude(Include.ALWAYS)
public record FieldChange(
        String field,
        @JsonProperty("old") @Nullable Object before,
        @JsonProperty("new") @Nullable Object after) {

    /** Without the values, which are personal. */
    @Override
    public String toString() {
        return "FieldChange[" + field + ']';
    }
}
