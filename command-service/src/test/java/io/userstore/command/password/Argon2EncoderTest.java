package io.userstore.command.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

class Argon2EncoderTest {
    private static final int MEMORY_KIB = 1_024;
    private static final String PASSWORD = "Sz4kF^12cpsk ä€😀";

    private final Argon2Encoder ours = new Argon2Encoder(MEMORY_KIB, 2);
    private final Argon2PasswordEncoder springs = new Argon2PasswordEncoder(16, 32, 1, MEMORY_KIB, 2);

    @Test
    void springsEncoderReadsWhatOursWritesAndTheOtherWayRound() {
        String byOurs = Objects.requireNonNull(ours.encode(PASSWORD));
        String bySprings = Objects.requireNonNull(springs.encode(PASSWORD));

        assertThat(springs.matches(PASSWORD, byOurs)).isTrue();
        assertThat(springs.matches("another", byOurs)).isFalse();
        assertThat(springs.upgradeEncoding(byOurs)).isFalse();
        assertThat(ours.matches(PASSWORD, bySprings)).isTrue();
        assertThat(ours.matches("another", bySprings)).isFalse();
        assertThat(ours.upgradeEncoding(bySprings)).isFalse();
    }

    /** From the tests of the reference implementation (github.com/P-H-C/phc-winner-argon2, src/test.c). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
                "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"
            })
    void theReferenceImplementationsHashesAreChecked(String encoded) {
        assertThat(ours.matches("password", encoded)).isTrue();
        assertThat(ours.matches("passwore", encoded)).isFalse();
    }

    @Test
    void memoryThatIsUsedAgainLeavesNoTrace() {
        List<String> passwords = List.of("first", "second", "third");
        List<String> hashes = passwords.stream()
                .map(password -> Objects.requireNonNull(ours.encode(password)))
                .toList();
        for (int i = 0; i < passwords.size(); i++) {
            for (int j = 0; j < hashes.size(); j++) {
                assertThat(ours.matches(passwords.get(i), hashes.get(j))).isEqualTo(i == j);
            }
        }
    }

    @Test
    void aHashOfOtherCostIsToBeMadeAnew() {
        String weak = Objects.requireNonNull(new Argon2Encoder(MEMORY_KIB / 2, 2).encode(PASSWORD));
        String quick = Objects.requireNonNull(new Argon2Encoder(MEMORY_KIB, 1).encode(PASSWORD));
        String large = Objects.requireNonNull(new Argon2Encoder(MEMORY_KIB * 2, 2).encode(PASSWORD));
        String slow = Objects.requireNonNull(new Argon2Encoder(MEMORY_KIB, 3).encode(PASSWORD));

        for (String other : List.of(weak, quick, large, slow)) {
            assertThat(ours.upgradeEncoding(other)).as(other).isTrue();
            assertThat(ours.matches(PASSWORD, other)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abcd1234",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ",
                "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=4,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQAA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPcA"
            })
    void whatIsNoHashMatchesNothing(String encoded) {
        assertThat(ours.matches("password", encoded)).isFalse();
        assertThat(ours.upgradeEncoding(encoded)).isFalse();
    }
}
