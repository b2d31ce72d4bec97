package io.userstore.command.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.web.InvalidConfigurationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
    /** The key of RFC 8037, appendix A.1: PKCS#8's sixteen bytes and then the seed {@code d}. */
    private static final String RFC_KEY = Base64.getEncoder().encodeToString(rfcKey());

    @TempDir
    private Path folder;

    private static byte[] rfcKey() {
        byte[] seed = Base64.getUrlDecoder().decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        byte[] encoded = new byte[48];
        byte[] prefix = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
        };
        System.arraycopy(prefix, 0, encoded, 0, prefix.length);
        System.arraycopy(seed, 0, encoded, prefix.length, seed.length);
        return encoded;
    }

    @Test
    void thePublicKeyItsThumbprintAndASignatureAreThoseOfTheRfc() {
        SigningKey key = SigningKey.parse(RFC_KEY).orElseThrow();
        assertThat(key.publicJwk())
                .containsEntry("kty", "OKP")
                .containsEntry("crv", "Ed25519")
                .containsEntry("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
                .containsEntry("kid", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(key.keyId()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        byte[] signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes(StandardCharsets.US_ASCII);
        assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign(signed)))
                .isEqualTo("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
    }

    @Test
    void whoHasOnlyThePublicPemCanCheckASignature() throws Exception {
        SigningKey key = SigningKey.parse(SigningKey.newPem()).orElseThrow();
        byte[] message = "a head".getBytes(StandardCharsets.UTF_8);
        String base64 = key.publicPem().replaceAll("-----.*-----|\\s", "");
        PublicKey published = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(published);
        check.update(message);
        assertThat(check.verify(key.sign(message))).isTrue();
    }

    @Test
    void whatIsNoEd25519KeyIsNone() {
        assertThat(SigningKey.parse("")).isEmpty();
        assertThat(SigningKey.parse("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"))
                .isEmpty();
        assertThat(SigningKey.parse("not base64 at all!")).isEmpty();
    }

    @Test
    void aKeyNeverPrints() {
        String pem = SigningKey.newPem();
        assertThat(SigningKey.parse(pem).orElseThrow()).hasToString("***");
        assertThat(new SigningKeySettings(pem, "").toString()).doesNotContain(pem);
    }

    @Test
    void theKeyIsReadFromItsFile() throws Exception {
        Path file = folder.resolve("signing-key");
        Files.writeString(file, SigningKey.newPem());
        assertThat(new SigningKeySettings("", file.toString()).load()).isPresent();
        assertThat(new SigningKeySettings("", "").load()).isEmpty();
    }

    @Test
    void aWrongKeyEndsTheStartWithASentenceThatHelpsAndQuotesNothing() throws Exception {
        Path file = folder.resolve("signing-key");
        Files.writeString(file, "marked");
        assertThatThrownBy(() -> new SigningKeySettings("", file.toString()).load())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("openssl genpkey")
                .hasMessageNotContaining("marked");
        assertThatThrownBy(
                        () -> new SigningKeySettings("", folder.resolve("none").toString()).load())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("userstore.signing-key-file");
        assertThatThrownBy(() -> new SigningKeySettings(RFC_KEY, file.toString()).load())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("not both");
    }
}
