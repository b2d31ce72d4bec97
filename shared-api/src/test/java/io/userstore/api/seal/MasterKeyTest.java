package io.userstore.api.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeyTest {
    private static final byte[] BYTES = HexFormat.of().parseHex("00fbff".repeat(10) + "abcd");

    @Test
    void aKeyIsTheSameInEveryForm() {
        String id = key(Base64.getEncoder().encodeToString(BYTES)).id();
        for (String form : new String[] {
            HexFormat.of().formatHex(BYTES),
            HexFormat.of().withUpperCase().formatHex(BYTES),
            Base64.getUrlEncoder().encodeToString(BYTES),
            Base64.getEncoder().withoutPadding().encodeToString(BYTES) + "\n"
        }) {
            assertThat(key(form).id()).isEqualTo(id);
        }
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
