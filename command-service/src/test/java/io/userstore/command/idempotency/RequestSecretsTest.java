package io.userstore.command.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RequestSecretsTest {
    private static final byte[] ANSWER = "an answer".getBytes(StandardCharsets.UTF_8);

    private final RequestSecrets secrets = RequestSecrets.of("sk_test_0123456789abcdef", "order-1");

    /** RFC 5869, appendix A.1, the first 32 of its 42 bytes. */
    @Test
    void keysAreDerivedAsTheRfcSays() {
        byte[] extracted = Hkdf.extract(hex("000102030405060708090a0b0c"), hex("0b".repeat(22)));
        assertThat(extracted).isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
        assertThat(Hkdf.expand(extracted, hex("f0f1f2f3f4f5f6f7f8f9")))
                .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
    }

    @Test
    void anAnswerOpensForItsOwnRequestAlone() {
        byte[] sealed = secrets.seal(ANSWER);
        assertThat(secrets.open(sealed)).hasValue(ANSWER);
        assertThat(RequestSecrets.of("sk_test_0123456789abcdef", "order-1").open(sealed))
                .hasValue(ANSWER);
        assertThat(RequestSecrets.of("sk_test_0123456789abcdef", "order-2").open(sealed))
                .isEmpty();
        assertThat(RequestSecrets.of("sk_test_another_key_0123", "order-1").open(sealed))
                .isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(secrets.open(sealed)).isEmpty();
        assertThat(secrets.open(new byte[3])).isEmpty();
    }

    @Test
    void theSameAnswerIsSealedDifferentlyEachTime() {
        assertThat(secrets.seal(ANSWER)).isNotEqualTo(secrets.seal(ANSWER));
    }

    @Test
    void aFingerprintTellsMethodTargetAndBodyApart() {
        String one = secrets.fingerprint("POST", "/1/users", ANSWER);
        assertThat(secrets.fingerprint("POST", "/1/users", ANSWER)).isEqualTo(one);
        assertThat(secrets.fingerprint("PUT", "/1/users", ANSWER)).isNotEqualTo(one);
        assertThat(secrets.fingerprint("POST", "/1/users?a=b", ANSWER)).isNotEqualTo(one);
        assertThat(secrets.fingerprint("POST", "/1/users", new byte[0])).isNotEqualTo(one);
        assertThat(secrets.fingerprint("POST", "/1/user", "san answer".getBytes(StandardCharsets.UTF_8)))
                .isNotEqualTo(one);
        assertThat(RequestSecrets.of("sk_test_another_key_0123", "order-1").fingerprint("POST", "/1/users", ANSWER))
                .isNotEqualTo(one);
    }

    @Test
    void nothingIsToldByItsText() {
        assertThat(secrets).hasToString("RequestSecrets[***]");
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
