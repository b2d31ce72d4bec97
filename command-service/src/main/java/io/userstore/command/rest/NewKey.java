package io.userstore.command.rest;

import io.userstore.api.key.KeyDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A key at its making, the only time that it is anywhere as it is. */
final class NewKey {
    private static final int KEY_BYTES = 24;
    private static final int ID_BYTES = 12;

    private final String id;
    private final String secret;

    private NewKey(String id, String secret) {
        this.id = id;
        this.secret = secret;
    }

    /** Thread-safe when {@code random} is. */
    static NewKey random(SecureRandom random) {
        return new NewKey("key_" + hex(random, ID_BYTES), "sk_" + hex(random, KEY_BYTES));
    }

    private static String hex(SecureRandom random, int bytes) {
        byte[] buffer = new byte[bytes];
        random.nextBytes(buffer);
        return HexFormat.of().formatHex(buffer);
    }

    /** Names the key without being it. */
    String id() {
        return id;
    }

    /** The key, to be answered once. */
    String secret() {
        return secret;
    }

    String digest() {
        return KeyDigest.of(secret);
    }

    @Override
    public String toString() {
        return "NewKey[" + id + ", ***]";
    }
}
