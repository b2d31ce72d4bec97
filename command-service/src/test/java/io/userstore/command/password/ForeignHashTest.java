package io.userstore.command.password;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.userstore.command.user.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.crypto.scrypt.SCryptPasswordEncoder;

class ForeignHashTest {
    private static final RawPassword RIGHT = RawPassword.of("correct horse");
    private static final RawPassword WRONG = RawPassword.of("correct hors");

    private static final PasswordHashing HASHING = new PasswordHashing(
            new PasswordSettings(4, 1_024, 8, 1, 2, 1, DeniedPasswords.of("")), new SimpleMeterRegistry());

    @AfterAll
    static void close() {
        HASHING.close();
    }

    /** As Spring Security makes them, and the reference implementation of Argon2. */
    static List<String> hashesOfOtherSystems() {
        String bcrypt = new BCryptPasswordEncoder(4).encode(RIGHT.value());
        String argon2 = new Argon2Encoder(64, 1).encode(RIGHT.value());
        return List.of(
                "{bcrypt}" + bcrypt,
                bcrypt,
                "$2y" + bcrypt.substring(3),
                "$2b" + bcrypt.substring(3),
                "{argon2@SpringSecurity_v5_8}" + argon2,
                argon2,
                "{pbkdf2}"
                        + Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_5().encode(RIGHT.value()),
                "{pbkdf2@SpringSecurity_v5_8}"
                        + Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8().encode(RIGHT.value()),
                "{scrypt}" + new SCryptPasswordEncoder(1_024, 8, 1, 32, 16).encode(RIGHT.value()));
    }

    @ParameterizedTest
    @MethodSource("hashesOfOtherSystems")
    void aHashOfAnotherSystemMatchesItsPasswordAndIsToBeReplaced(String text) {
        PasswordHash hash = ForeignHash.parse(text).orElseThrow();
        assertThat(HASHING.check(RIGHT, hash).matches()).isTrue();
        assertThat(HASHING.check(WRONG, hash).matches()).isFalse();
        assertThat(HASHING.check(RIGHT, hash).upgrade()).isTrue();
    }

    /** The vectors of RFC 6070 (4,096 iterations) and of RFC 7914, 11, and one of SHA-512 made with OpenSSL. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "password $pbkdf2-sha1$i=4096$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE",
                "password $pbkdf2$i=4096$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE",
                "passwd $pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw",
                "passwd $pbkdf2-sha512$i=80000$TmFDbA$DPsmolg2EAj2jlGwc3H7T2tSrIIhzHeH9xXEg7K26sO8qXVpWCy3WCJaZLa2u6pqmz6FnKX/7QX5mpuFzsValQ"
            })
    void aPublishedVectorOfPbkdf2Matches(String password, String text) {
        PasswordHash hash = ForeignHash.parse(text).orElseThrow();
        assertThat(HASHING.check(RawPassword.of(password), hash).matches()).isTrue();
        assertThat(HASHING.check(RawPassword.of(password + "x"), hash).matches())
                .isFalse();
        assertThat(HASHING.check(RawPassword.of(""), hash).matches()).isFalse();
    }

    /** RFC 7914, 12: a key of 64 bytes, of which we keep half. */
    @Test
    void thePublishedVectorOfScryptMatches() {
        byte[] key = Base64.getDecoder()
                .decode("/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA==");
        byte[] salt = "NaCl".getBytes(StandardCharsets.UTF_8);
        PasswordHash hash = ForeignHash.scrypt(1_024, 8, 16, salt, key)
                .flatMap(ForeignHash::parse)
                .orElseThrow();
        assertThat(HASHING.check(RawPassword.of("password"), hash).matches()).isTrue();
        assertThat(ForeignHash.scrypt(1_000, 8, 16, salt, key)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{noop}secret",
                "{bcrypt}secret",
                "5f4dcc3b5aa765d61d8327deb882cf99",
                "$1$salt$hash",
                "$2a$31$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
                "$argon2id$v=19$m=1048576,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=65536,t=100,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
                "$pbkdf2-sha256$i=9999999$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$pbkdf2-sha256$i=0$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$pbkdf2-md5$i=1000$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "{pbkdf2}abcdef",
                "{scrypt}$1f0801$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "{scrypt}$1008ff$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void whatIsUnknownBrokenOrTooCostlyIsNoHash(String text) {
        assertThat(ForeignHash.parse(text)).isEmpty();
    }

    /** The largest N of the smallest block: twice as much is no scrypt, and BouncyCastle throws at it. */
    @Test
    void aHashOfScryptIsOneThatCanBeComputed() {
        String end = "$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        assertThat(ForeignHash.parse("{scrypt}$100101" + end)).isEmpty();
        for (String parameters : List.of("f0101", "100201")) {
            PasswordHash hash =
                    ForeignHash.parse("{scrypt}$" + parameters + end).orElseThrow();
            assertThat(HASHING.check(WRONG, hash).matches()).isFalse();
        }
    }

    /** As Keycloak makes them: 64 bytes of any digest. Only the first block, of the digest's length, is computed. */
    @ParameterizedTest
    @CsvSource({"sha1,20", "sha256,32", "sha512,64"})
    void ofAHashOfPbkdf2TheFirstBlockIsComputed(String digest, int block) throws GeneralSecurityException {
        byte[] salt = "saltsalt".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = SecretKeyFactory.getInstance("PBKDF2WithHmac" + digest.toUpperCase(Locale.ROOT))
                .generateSecret(new PBEKeySpec(RIGHT.value().toCharArray(), salt, 1_000, 512))
                .getEncoded();
        PasswordHash whole = ForeignHash.parse(ForeignHash.pbkdf2(digest, 1_000, salt, bytes))
                .orElseThrow();
        assertThat(HASHING.check(RIGHT, whole).matches()).isTrue();
        assertThat(HASHING.check(WRONG, whole).matches()).isFalse();

        byte[] otherEnd = Arrays.copyOf(Arrays.copyOf(bytes, block), bytes.length);
        PasswordHash first = ForeignHash.parse(ForeignHash.pbkdf2(digest, 1_000, salt, otherEnd))
                .orElseThrow();
        assertThat(HASHING.check(RIGHT, first).matches()).isTrue();
        bytes[block - 1]++;
        PasswordHash other = ForeignHash.parse(ForeignHash.pbkdf2(digest, 1_000, salt, bytes))
                .orElseThrow();
        assertThat(HASHING.check(RIGHT, other).matches()).isFalse();
        assertThat(ForeignHash.parse(ForeignHash.pbkdf2(digest, 2_000_001, salt, bytes)))
                .isEmpty();
    }

    @Test
    void hashingPatientlyWaitsWhereAQueueIsFullAndKeepsTheOrder() {
        List<RawPassword> passwords = IntStream.range(0, 50)
                .mapToObj(i -> RawPassword.of("password " + i))
                .toList();
        List<PasswordHash> hashes = HASHING.hashPatiently(passwords);
        for (int i = 0; i < passwords.size(); i++) {
            assertThat(HASHING.check(passwords.get(i), hashes.get(i)).matches()).isTrue();
        }
    }
}
