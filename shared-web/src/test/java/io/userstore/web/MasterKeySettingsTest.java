package io.userstore.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeySettingsTest {
    private static final String KEY = "1f".repeat(32);
    private static final String OTHER = "2e".repeat(32);

    @TempDir
    private Path folder;

    @Test
    void withoutAMasterKeyNothingStartsAndOneSentenceSaysSo() {
        assertThatThrownBy(() -> settings("", "", "", "").load())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("USERSTORE_MASTER_KEY must be set");
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutQuotingIt() {
        assertThatThrownBy(() -> settings("marked-secret", "", "", "").load())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("userstore.master-key: the master key must be 32 bytes")
                .message()
                .doesNotContain("marked");
        assertThatThrownBy(() -> settings(KEY, "", "marked-secret", "").load())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("userstore.other-master-key: the master key must be 32 bytes");
    }

    @Test
    void aKeyMayLieInAFile() throws IOException {
        String file = Files.writeString(folder.resolve("key"), KEY + "\n").toString();
        assertThat(settings("", file, "", "").load().current().id())
                .isEqualTo(settings(KEY, "", "", "").load().current().id());
        assertThatThrownBy(() -> settings("", file + ".none", "", "").load())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("userstore.master-key-file cannot be read");
        assertThatThrownBy(() -> settings(KEY, file, "", "").load())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("not both");
    }

    @Test
    void anotherKeyIsThereWhileTheKeyIsReplaced() throws IOException {
        assertThat(settings(KEY, "", "", "").load().other()).isNull();
        assertThat(settings(KEY, "", OTHER, "").load().other()).isNotNull();
        String file = Files.writeString(folder.resolve("other"), OTHER).toString();
        assertThat(settings(KEY, "", "", file).load().other()).isNotNull();
        assertThat(settings(KEY, "", "", file)).hasToString("MasterKeySettings[***]");
    }

    private static MasterKeySettings settings(String key, String file, String other, String otherFile) {
        return new MasterKeySettings(key, file, other, otherFile);
    }
}
