package io.userstore.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;

/** The root key, which the configuration names: it may do everything, and belongs to the application {@code default}. */
final class SecretKey implements ApiKeys {
    static final int MIN_LENGTH = 16;

    private final byte[] digest;
    private final Grant grant;

    /** @throws InvalidConfigurationException when the key is shorter than 16 characters */
    SecretKey(String key) {
        if (key.length() < MIN_LENGTH) {
            throw new InvalidConfigurationException("USERSTORE_SECRET_KEY must be set, to at least " + MIN_LENGTH
                    + " characters (make one with: openssl rand -hex 24)");
        }
        this.digest = sha256(key);
        String id = "key_" + HexFormat.of().formatHex(sha256("id:" + key), 0, 6);
        this.grant = new Grant("default", id, EnumSet.allOf(Permission.class));
    }

    @Override
    public Optional<Grant> find(String secretKey) {
        return MessageDigest.isEqual(digest, sha256(secretKey)) ? Optional.of(grant) : Optional.empty();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
