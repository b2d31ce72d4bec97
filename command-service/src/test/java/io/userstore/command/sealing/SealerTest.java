package io.userstore.command.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
    private static final String HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String OTHER = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private final Sealer sealer = new Sealer(MasterKey.parse(HEX), "test/tokens");

    @TempDir
    private Path folder;

    @Test
    void whatIsSealedIsOpenedInItsContextOnly() {
        String sealed = sealer.seal("ya29.tökén", "ann/google");
        assertThat(sealed).startsWith("v1.").doesNotContain("ya29");
        assertThat(sealer.open(sealed, "ann/google")).contains("ya29.tökén");
        assertThat(sealer.open(sealed, "bob/google")).isEmpty();
    }

    @Test
    void theSameTextIsSealedDifferentlyEachTime() {
        assertThat(sealer.seal("same", "ann")).isNotEqualTo(sealer.seal("same", "ann"));
    }

    @Test
    void anotherKeyOrAnotherPurposeOpensNothing() {
        String sealed = sealer.seal("token", "ann");
        assertThat(new Sealer(MasterKey.parse(OTHER), "test/tokens").open(sealed, "ann"))
                .isEmpty();
        assertThat(new Sealer(MasterKey.parse(HEX), "test/others").open(sealed, "ann"))
                .isEmpty();
    }

    @Test
    void whatWasChangedIsNotOpened() {
        String sealed = sealer.seal("token", "ann");
        String prefix = sealed.substring(0, sealed.lastIndexOf('.') + 1);
        char last = sealed.charAt(sealed.length() - 3);
        String changed = sealed.substring(0, sealed.length() - 3)
                + (last == 'A' ? 'B' : 'A')
                + sealed.substring(sealed.length() - 2);
        for (String broken : new String[] {changed, prefix, prefix + "AAAA", prefix + "%%%", "", "v2.x.y"}) {
            assertThat(sealer.open(broken, "ann")).as(broken).isEmpty();
        }
    }

    /** Computed by an independent implementation: HKDF-SHA256 with no salt, the purpose as info, 32 bytes. */
    @Test
    void keysAreDerivedByHkdfSha256() {
        assertThat(HexFormat.of().formatHex(MasterKey.parse(HEX).derive("test/tokens")))
                .isEqualTo("f4caf74b4376f2414f679dd8aab3f739caed16890dd5059e924c2803f955b401");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEX,
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
            })
    void aMasterKeyIsHexOrBase64(String text) {
        String sealed = sealer.seal("token", "ann");
        assertThat(new Sealer(MasterKey.parse(" " + text + "\n"), "test/tokens").open(sealed, "ann"))
                .contains("token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "00010203", HEX + "00", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg=="})
    void aKeyOfAnotherLengthIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> MasterKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256 bits")
                .hasMessageNotContaining(text.isEmpty() ? HEX : text);
    }

    @Test
    void theKeyCanStandInAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("master-key"), HEX + "\n");
        assertThat(new MasterKeySettings("", file.toString()).load()).isPresent();
        assertThat(new MasterKeySettings("", "").load()).isEmpty();
        assertThatThrownBy(
                        () -> new MasterKeySettings("", folder.resolve("none").toString()).load())
                .hasMessageContaining("userstore.master-key-file cannot be read");
        assertThatThrownBy(() -> new MasterKeySettings(HEX, file.toString()).load())
                .hasMessageContaining("not both")
                .hasMessageNotContaining(HEX);
    }

    @Test
    void aKeyNeverPrints() {
        assertThat(MasterKey.parse(HEX).toString()).isEqualTo("***");
        assertThat(new MasterKeySettings(HEX, "").toString()).doesNotContain(HEX);
    }
}
