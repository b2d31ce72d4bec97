package io.userstore.command.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final byte[] BYTES = HexFormat.of().parseHex("00fbff".repeat(10) + "abcd");
    private static final byte[] OTHERS = HexFormat.of().parseHex("11".repeat(32));

    private final Sealing sealing = new Sealing(key(BYTES), "mail");

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
        assertThat(new Sealing(key(OTHERS), "mail").open(sealed, "user/1")).isEmpty();
        assertThat(new Sealing(key(BYTES), "other").open(sealed, "user/1")).isEmpty();
    }

    @Test
    void aDigestIsTheSameForTheSameTextAndKeyAndForNoOther() {
        String digest = key(BYTES).digest("names").of("john@example.com");
        assertThat(digest)
                .matches("[0-9a-f]{64}")
                .isEqualTo(key(BYTES).digest("names").of("john@example.com"));
        assertThat(key(BYTES).digest("names").of("jon@example.com")).isNotEqualTo(digest);
        assertThat(key(BYTES).digest("others").of("john@example.com")).isNotEqualTo(digest);
        assertThat(key(OTHERS).digest("names").of("john@example.com")).isNotEqualTo(digest);
        assertThat(key(BYTES)).hasToString("***");
    }

    private static StoreKey key(byte[] bytes) {
        return new StoreKey(bytes);
    }
}
