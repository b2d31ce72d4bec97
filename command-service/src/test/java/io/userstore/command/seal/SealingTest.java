package io.userstore.command.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealingTest {
    private static final byte[] BYTES = HexFormat.of().parseHex("00fbff".repeat(10) + "abcd");

    private final Sealing sealing = new Sealing(key(Base64.getEncoder().encodeToString(BYTES)), "mail");

    @Test
    void whatWasSealedOpensWhereItStands() {
        String sealed = sealing.seal("a secret ✓", "user/1");
        assertThat(sealed).doesNotContain("secret");
        assertThat(sealing.open(sealed, "user/1")).contains("a secret ✓");
        assertThat(sealing.seal("a secret ✓", "user/1")).isNotEqualTo(sealed);
    }

    @Test
    void aSealThatWasMovedOrDamagedOrMadeForSomethingElseDoesNotOpen() {
        String sealed = sealing.seal("a secret", "user/1");
        assertThat(sealing.open(sealed, "user/2")).isEmpty();
        assertThat(sealing.open(sealed.substring(0, sealed.length() - 4) + "AAAA", "user/1"))
                .isEmpty();
        assertThat(sealing.open("", "user/1")).isEmpty();
        assertThat(sealing.open("!", "user/1")).isEmpty();
        assertThat(new Sealing(key("11".repeat(32)), "mail").open(sealed, "user/1"))
                .isEmpty();
        assertThat(new Sealing(key(Base64.getEncoder().encodeToString(BYTES)), "other").open(sealed, "user/1"))
                .isEmpty();
    }

    @Test
    void aKeyIsTheSameInEveryForm() {
        String sealed = sealing.seal("a secret", "user/1");
        for (String form : new String[] {
            HexFormat.of().formatHex(BYTES),
            HexFormat.of().withUpperCase().formatHex(BYTES),
            Base64.getUrlEncoder().encodeToString(BYTES),
            Base64.getEncoder().withoutPadding().encodeToString(BYTES) + "\n"
        }) {
            assertThat(new Sealing(key(form), "mail").open(sealed, "user/1")).contains("a secret");
        }
        assertThat(key("11".repeat(32))).hasToString("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "1111", "zz", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void whatIsNoKeyIsNone(String text) {
        assertThat(MasterKey.parse(text)).isEmpty();
    }

    private static MasterKey key(String text) {
        return MasterKey.parse(text).orElseThrow();
    }
}
