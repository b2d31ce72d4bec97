package io.userstore.command.store;

import io.userstore.api.json.Json;
import io.userstore.api.seal.UserKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventData;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of an event, sealed or clear. Sealed, the field {@code personal} holds a JWE in place of an object: the very one
 * that is published. What is secret, and never published, is sealed likewise, each field by itself, and so no hash of a
 * password outlives its user. Confined to one thread.
 */
final class SealedJson {
    private static final String PERSONAL = "personal";
    private static final List<String> SECRETS = List.of("password_hash", "sealed_token");

    private final ObjectNode json;

    private SealedJson(ObjectNode json) {
        this.json = json;
    }

    static SealedJson of(String text) {
        return new SealedJson((ObjectNode) Json.MAPPER.readTree(text));
    }

    /** The payload of a stored event or snapshot; empty when it has none that could be sealed. */
    static Optional<SealedJson> of(DomainEventData<?> stored) {
        return stored.getPayload().getData() instanceof String text && text.length() > 2
                ? Optional.of(of(text))
                : Optional.empty();
    }

    /** @param key asked for only when there is something to seal */
    String sealed(Supplier<UserKey> key) {
        JsonNode personal = json.get(PERSONAL);
        if (personal != null && personal.isObject()) {
            json.put(PERSONAL, key.get().seal(personal.toString()));
        }
        for (String field : SECRETS) {
            String secret = text(field);
            if (secret != null) {
                json.put(field, key.get().seal(secret));
            }
        }
        return json.toString();
    }

    boolean isSealed() {
        return text(PERSONAL) != null || SECRETS.stream().anyMatch(field -> text(field) != null);
    }

    /** What stands in place of what is personal, or null when nothing does. */
    @Nullable
    String personal() {
        return text(PERSONAL);
    }

    /** What can be told without the user's key. */
    String withoutPersonal() {
        json.remove(PERSONAL);
        return json.toString();
    }

    /** @param key without it, what is sealed is left out */
    String opened(Optional<UserKey> key) {
        String personal = text(PERSONAL);
        if (personal != null) {
            key.flatMap(k -> k.open(personal))
                    .ifPresentOrElse(
                            clear -> json.set(PERSONAL, Json.MAPPER.readTree(clear)), () -> json.remove(PERSONAL));
        }
        for (String field : SECRETS) {
            String secret = text(field);
            if (secret != null) {
                key.flatMap(k -> k.open(secret))
                        .ifPresentOrElse(clear -> json.put(field, clear), () -> json.remove(field));
            }
        }
        return json.toString();
    }

    String sealedWhole(UserKey key) {
        return Json.MAPPER
                .createObjectNode()
                .put(PERSONAL, key.seal(json.toString()))
                .toString();
    }

    Optional<String> openedWhole(UserKey key) {
        return Optional.ofNullable(text(PERSONAL)).flatMap(key::open);
    }

    /** A text that is not empty, or null. */
    private @Nullable String text(String field) {
        JsonNode value = json.get(field);
        return value != null && value.isString() && !value.stringValue().isEmpty() ? value.stringValue() : null;
    }
}
