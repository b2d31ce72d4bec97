package io.userstore.command.sign;

import io.userstore.web.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the signing key is. At most one of the two is set; with neither the service has none, and nothing is signed.
 *
 * @param signingKey the key itself, see {@link SigningKey#parse}; empty for none
 * @param signingKeyFile a file that holds nothing else, PEM as a rule; empty for none
 */
@ConfigurationProperties("userstore")
public record SigningKeySettings(
        @DefaultValue("") String signingKey,
        @DefaultValue("") String signingKeyFile) {

    /**
     * The key, or empty when none is set.
     *
     * @throws InvalidConfigurationException with a sentence that names the property and quotes no key
     */
    public Optional<SigningKey> load() {
        if (!signingKey.isBlank() && !signingKeyFile.isBlank()) {
            throw new InvalidConfigurationException(
                    "set userstore.signing-key or userstore.signing-key-file, not both");
        }
        if (!signingKey.isBlank()) {
            return Optional.of(parsed("userstore.signing-key", signingKey));
        }
        if (signingKeyFile.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parsed("userstore.signing-key-file", Files.readString(Path.of(signingKeyFile.strip()))));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidConfigurationException("userstore.signing-key-file cannot be read: "
                    + e.getClass().getSimpleName() + " " + signingKeyFile);
        }
    }

    private static SigningKey parsed(String property, String text) {
        return SigningKey.parse(text)
                .orElseThrow(() -> new InvalidConfigurationException(
                        property + ": the signing key must be an Ed25519 private key in PKCS#8; make one with:"
                                + " openssl genpkey -algorithm ed25519"));
    }

    @Override
    public String toString() {
        return "SigningKeySettings[***]";
    }
}
