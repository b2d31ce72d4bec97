package io.userstore.command.seal;

import io.userstore.web.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the master key is. At most one of the two is set; with neither the service has none, and whatever has to be
 * sealed is refused.
 *
 * @param masterKey the key itself, see {@link MasterKey#parse}; empty for none
 * @param masterKeyFile a file that holds nothing else; empty for none
 */
@ConfigurationProperties("userstore")
public record MasterKeySettings(
        @DefaultValue("") String masterKey,
        @DefaultValue("") String masterKeyFile) {

    /**
     * The key, or empty when none is set.
     *
     * @throws InvalidConfigurationException with a sentence that names the property and quotes no key
     */
    public Optional<MasterKey> load() {
        if (!masterKey.isBlank() && !masterKeyFile.isBlank()) {
            throw new InvalidConfigurationException("set userstore.master-key or userstore.master-key-file, not both");
        }
        if (!masterKey.isBlank()) {
            return Optional.of(parsed("userstore.master-key", masterKey));
        }
        if (masterKeyFile.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parsed("userstore.master-key-file", Files.readString(Path.of(masterKeyFile.strip()))));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidConfigurationException(
                    "userstore.master-key-file cannot be read: " + e.getClass().getSimpleName() + " " + masterKeyFile);
        }
    }

    private static MasterKey parsed(String property, String text) {
        return MasterKey.parse(text)
                .orElseThrow(() -> new InvalidConfigurationException(
                        property + ": the master key must be 32 bytes, in base64 or hexadecimal; make one with:"
                                + " openssl rand -base64 32"));
    }

    @Override
    public String toString() {
        return "MasterKeySettings[***]";
    }
}
