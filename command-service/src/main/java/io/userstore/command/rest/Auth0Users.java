package io.userstore.command.rest;

import io.userstore.api.error.Faults;
import io.userstore.command.password.ForeignHash;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Users as Auth0 takes them in bulk, and as it gives them with their hashes. Of {@code user_metadata} what is a text, a
 * number or a flag becomes a custom value; everything else is passed over.
 *
 * @see <a href="https://auth0.com/docs/manage-users/user-migration/bulk-user-import-database-schema-and-examples">Auth0,
 *     bulk user import database schema</a>
 */
final class Auth0Users {
    private Auth0Users() {}

    static Map<String, Object> translate(Map<String, Object> user, Faults faults) {
        ForeignFields fields = new ForeignFields(user, faults)
                .take("username", "username")
                .take("email", "email")
                .take("given_name", "first_name")
                .take("family_name", "last_name")
                .take("email_verified", "is_email_verified")
                .take("created_at", "created_at")
                .take("passwordHash", "password_hash")
                .take("password_hash", "password_hash")
                .put("is_active", user.get("blocked") instanceof Boolean blocked ? !blocked : user.get("blocked"))
                .put("extra", extra(ForeignFields.object(user, "user_metadata")));
        if (user.get("custom_password_hash") instanceof Map<?, ?> custom) {
            String hash = hash(custom);
            if (hash == null) {
                fields.uncheckable("custom_password_hash");
            }
            fields.put("password_hash", hash);
        }
        return fields.translated();
    }

    private static @Nullable Object extra(Map<?, ?> metadata) {
        Map<String, Object> extra = new LinkedHashMap<>();
        metadata.forEach((name, value) -> {
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                extra.put(String.valueOf(name), value);
            }
        });
        return extra.isEmpty() ? null : extra;
    }

    private static @Nullable String hash(Map<?, ?> custom) {
        String encoding = ForeignFields.text(ForeignFields.object(custom, "password"), "encoding");
        Map<?, ?> hash = ForeignFields.object(custom, "hash");
        String value = ForeignFields.text(hash, "value");
        String algorithm = ForeignFields.text(custom, "algorithm");
        boolean utf8 = encoding == null || encoding.equals("utf8") || encoding.equals("ascii");
        if (!utf8 || value == null || algorithm == null) {
            return null;
        }
        return switch (algorithm) {
            case "argon2", "bcrypt", "pbkdf2" -> value;
            case "scrypt" -> scrypt(custom, value, ForeignFields.text(hash, "encoding"));
            default -> null;
        };
    }

    private static @Nullable String scrypt(Map<?, ?> custom, String value, @Nullable String encoding) {
        Map<?, ?> salt = ForeignFields.object(custom, "salt");
        String saltText = ForeignFields.text(salt, "value");
        if (saltText == null) {
            return null;
        }
        try {
            return ForeignHash.scrypt(
                            ForeignFields.number(custom, "cost", 16_384),
                            ForeignFields.number(custom, "blockSize", 8),
                            ForeignFields.number(custom, "parallelization", 1),
                            decoded(saltText, ForeignFields.text(salt, "encoding")),
                            decoded(value, encoding))
                    .orElse(null);
        } catch (IllegalArgumentException e) {
            // Neither base64 nor hex: no hash, which is told as the fault.
            return null;
        }
    }

    private static byte[] decoded(String text, @Nullable String encoding) {
        return switch (encoding == null ? "utf8" : encoding) {
            case "base64" -> Base64.getDecoder().decode(text);
            case "hex" -> HexFormat.of().parseHex(text);
            default -> text.getBytes(StandardCharsets.UTF_8);
        };
    }
}
