package io.userstore.api.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The user object as both services answer it. UserStore.io's fields are there even when they are null, the others
 * only when they have a value.
 *
 * @param validated whether the user may sign in: active, and confirmed where a confirmation was asked for
 * @param confirmation {@code pending} or {@code failed} while a confirmation is asked for
 * @param lastSignin the last recorded login
 * @param version the number of the user's last event, from 1; also the entity tag
 */
@JsonPropertyOrder({
    "id",
    "email",
    "username",
    "first_name",
    "last_name",
    "group",
    "extra",
    "application",
    "is_active",
    "is_email_verified",
    "validated",
    "confirmation",
    "last_signin",
    "updated_at",
    "created_at",
    "version"
})
@JsonInclude(Include.ALWAYS)
public record UserResource(
        String id,
        @Nullable String email,
        @Nullable String username,
        @Nullable String firstName,
        @Nullable String lastName,
        @JsonInclude(Include.NON_NULL) @Nullable String group,
        @JsonInclude(Include.NON_EMPTY) Map<String, Object> extra,
        String application,
        @JsonProperty("is_active") boolean active,
        @JsonProperty("is_email_verified") boolean emailVerified,
        boolean validated,
        @JsonInclude(Include.NON_NULL) @Nullable String confirmation,
        @Nullable Instant lastSignin,
        Instant updatedAt,
        Instant createdAt,
        long version) {

    /** The entity tag of RFC 9110: the version in quotes. */
    public String etag() {
        return "\"" + version + "\"";
    }
}
