package io.userstore.audit;

import io.userstore.api.seal.MasterKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The master key; option of the commands that open what is personal. */
final class MasterKeyOption {
    @Option(
            names = "--master-key-file",
            paramLabel = "FILE",
            description =
                    "Opens what is personal. Without it USERSTORE_MASTER_KEY_FILE, or the key of USERSTORE_MASTER_KEY, or"
                            + " that in data/master-key; without any, what is personal stays sealed.")
    private @Nullable Path masterKeyFile;

    /** Empty when there is none. */
    Optional<MasterKeys> read() throws IOException {
        return Servers.masterKeys(masterKeyFile);
    }
}
