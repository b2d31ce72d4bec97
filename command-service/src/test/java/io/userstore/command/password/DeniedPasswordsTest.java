package io.userstore.command.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DeniedPasswordsTest {
    @TempDir
    private Path folder;

    @Test
    void aPasswordOfTheFileIsFoundInAnySpelling() throws IOException {
        Path file = Files.writeString(folder.resolve("denied"), "password\r\n\nJo\u0308rg123\n");
        DeniedPasswords denied = DeniedPasswords.of(file.toString());
        for (String common : new String[] {"password", "PassWord", "\uFF30assword", "j\u00F6RG123"}) {
            assertThat(denied.contains(RawPassword.of(common))).as(common).isTrue();
        }
        assertThat(denied.contains(RawPassword.of("passwords"))).isFalse();
        assertThat(denied.contains(RawPassword.of("Sz4kF^12cpsk"))).isFalse();
    }

    @Test
    void withoutAFileNothingIsDenied() {
        assertThat(bind(Map.of()).deniedFile().contains(RawPassword.of("password")))
                .isFalse();
    }

    @Test
    void theSettingIsThePathOfTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("denied"), "password\n");
        PasswordSettings settings = bind(Map.of("userstore.password.denied-file", file.toString()));
        assertThat(settings.deniedFile().contains(RawPassword.of("password"))).isTrue();
    }

    @Test
    void aFileThatCannotBeReadEndsTheStartAndIsNamed() throws IOException {
        String missing = folder.resolve("missing").toString();
        assertThatThrownBy(() -> bind(Map.of("userstore.password.denied-file", missing)))
                .rootCause()
                .hasMessageContaining("missing");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> DeniedPasswords.of(binary.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("userstore.password.denied-file cannot be read as UTF-8 text");
    }

    private static PasswordSettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("userstore.password", PasswordSettings.class);
    }
}
