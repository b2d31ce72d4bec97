package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.Faults;
import io.userstore.command.password.ForeignHash;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Users as the export of a Keycloak realm has them. Attributes become custom values, those with several values joined by
 * commas; roles, groups, second factors and linked identities are passed over.
 *
 * @see <a href="https://www.keycloak.org/docs-api/latest/rest-api/index.html#UserRepresentation">Keycloak,
 *     UserRepresentation and CredentialRepresentation</a>
 */
final class KeycloakUsers {
    private KeycloakUsers() {}

    static Map<String, Object> translate(Map<String, Object> user, Faults faults) {
        ForeignFields fields = new ForeignFields(user, faults)
                .take("id", "id")
                .take("username", "username")
                .take("email", "email")
                .take("firstName", "first_name")
                .take("lastName", "last_name")
                .take("enabled", "is_active")
                .take("emailVerified", "is_email_verified")
                .put("created_at", time(user.get("createdTimestamp")))
                .put("extra", attributes(ForeignFields.object(user, "attributes")));
        if (user.get("credentials") instanceof List<?> credentials) {
            for (Object each : credentials) {
                if (each instanceof Map<?, ?> credential && "password".equals(credential.get("type"))) {
                    takePassword(credential, fields);
                    break;
                }
            }
        }
        return fields.translated();
    }

    private static @Nullable Object time(@Nullable Object millis) {
        return millis instanceof Number number
                ? Instant.ofEpochMilli(number.longValue()).toString()
                : millis;
    }

    private static @Nullable Object attributes(Map<?, ?> attributes) {
        Map<String, Object> extra = new LinkedHashMap<>();
        attributes.forEach((name, value) -> {
            Object one = value instanceof List<?> several
                    ? several.stream().map(String::valueOf).collect(Collectors.joining(","))
                    : value;
            extra.put(String.valueOf(name), one);
        });
        return extra.isEmpty() ? null : extra;
    }

    private static void takePassword(Map<?, ?> credential, ForeignFields fields) {
        String plain = ForeignFields.text(credential, "value");
        if (plain != null) {
            fields.put("password", plain);
            return;
        }
        String hash = hash(inner(credential, "secretData"), inner(credential, "credentialData"));
        if (hash == null) {
            fields.uncheckable("credentials");
        }
        fields.put("password_hash", hash);
    }

    /** An object that is written as a text, as Keycloak does, or as itself. */
    private static Map<?, ?> inner(Map<?, ?> credential, String name) {
        String text = ForeignFields.text(credential, name);
        if (text == null) {
            return ForeignFields.object(credential, name);
        }
        try {
            return Body.jsonLine(text.getBytes(StandardCharsets.UTF_8));
        } catch (ApiException e) {
            // No object, so nothing of it can be taken: the hash that is missing then is the fault.
            return Map.of();
        }
    }

    private static @Nullable String hash(Map<?, ?> secret, Map<?, ?> how) {
        String value = ForeignFields.text(secret, "value");
        String saltText = ForeignFields.text(secret, "salt");
        String algorithm = ForeignFields.text(how, "algorithm");
        if (value == null || saltText == null || algorithm == null) {
            return null;
        }
        long iterations = ForeignFields.number(how, "hashIterations", 0);
        try {
            byte[] hash = Base64.getDecoder().decode(value);
            byte[] salt = Base64.getDecoder().decode(saltText);
            return switch (algorithm) {
                case "pbkdf2" -> ForeignHash.pbkdf2("sha1", iterations, salt, hash);
                case "pbkdf2-sha256" -> ForeignHash.pbkdf2("sha256", iterations, salt, hash);
                case "pbkdf2-sha512" -> ForeignHash.pbkdf2("sha512", iterations, salt, hash);
                case "argon2" -> argon2(ForeignFields.object(how, "additionalParameters"), iterations, salt, hash);
                default -> null;
            };
        } catch (IllegalArgumentException e) {
            // Not base64: no hash, which is told as the fault.
            return null;
        }
    }

    private static @Nullable String argon2(Map<?, ?> parameters, long iterations, byte[] salt, byte[] hash) {
        if (!"1.3".equals(parameter(parameters, "version", "1.3"))) {
            return null;
        }
        return ForeignHash.argon2(
                parameter(parameters, "type", "id"),
                Long.parseLong(parameter(parameters, "memory", "7168")),
                iterations,
                Long.parseLong(parameter(parameters, "parallelism", "1")),
                salt,
                hash);
    }

    /** Keycloak writes each parameter as a list of one text. */
    private static String parameter(Map<?, ?> parameters, String name, String otherwise) {
        return switch (parameters.get(name)) {
            case null -> otherwise;
            case List<?> list when !list.isEmpty() -> String.valueOf(list.getFirst());
            case Object one -> String.valueOf(one);
        };
    }
}
