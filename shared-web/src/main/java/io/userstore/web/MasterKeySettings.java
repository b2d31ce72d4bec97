package io.userstore.web;

import io.userstore.api.seal.MasterKey;
import io.userstore.api.seal.MasterKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the master key is, and while it is being replaced the one before, or the one to come. Of each key and its file at most one is set; the
 * master key must be.
 *
 * @param masterKey the key itself, see {@link MasterKey#parse}; empty for none
 * @param masterKeyFile a file that holds nothing else; empty for none
 * @param otherMasterKey what is wrapped with this key is understood too; empty for none
 * @param otherMasterKeyFile likewise in a file
 */
@ConfigurationProperties("userstore")
public record MasterKeySettings(
        @DefaultValue("") String masterKey,
        @DefaultValue("") String masterKeyFile,
        @DefaultValue("") String otherMasterKey,
        @DefaultValue("") String otherMasterKeyFile) {

    private static final String MAKE_ONE = "make one with: openssl rand -base64 32";

    /**
     * The keys.
     *
     * @throws InvalidConfigurationException with a sentence that names the property and quotes no key
     */
    public MasterKeys load() {
        MasterKey current = load("userstore.master-key", masterKey, masterKeyFile);
        if (current == null) {
            throw new InvalidConfigurationException(
                    "USERSTORE_MASTER_KEY must be set (or USERSTORE_MASTER_KEY_FILE): personal data is sealed with it; "
                            + MAKE_ONE);
        }
        MasterKey other = load("userstore.other-master-key", otherMasterKey, otherMasterKeyFile);
        return new MasterKeys(current, other);
    }

    private static @Nullable MasterKey load(String property, String key, String file) {
        if (!key.isBlank() && !file.isBlank()) {
            throw new InvalidConfigurationException("set " + property + " or " + property + "-file, not both");
        }
        if (!key.isBlank()) {
            return parsed(property, key);
        }
        if (file.isBlank()) {
            return null;
        }
        try {
            return parsed(property + "-file", Files.readString(Path.of(file.strip())));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidConfigurationException(
                    property + "-file cannot be read: " + e.getClass().getSimpleName() + " " + file);
        }
    }

    private static MasterKey parsed(String property, String text) {
        return MasterKey.parse(text)
                .orElseThrow(() -> new InvalidConfigurationException(
                        property + ": the master key must be 32 bytes, in base64 or hexadecimal; " + MAKE_ONE));
    }

    @Override
    public String toString() {
        return "MasterKeySettings[***]";
    }
}
