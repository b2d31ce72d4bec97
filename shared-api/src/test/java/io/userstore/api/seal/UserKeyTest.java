package io.userstore.api.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectEncrypter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UserKeyTest {
    private static final MasterKey MASTER = master("00");
    private static final MasterKey ANOTHER = master("11");

    private final String userId = UUID.randomUUID().toString();
    private final UserKey key = UserKey.generate(userId);

    @Test
    void whatAKeySealsItOpensAndNoOtherDoes() {
        String sealed = key.seal("{\"email\":\"jörg@example.com\"}");
        assertThat(key.open(sealed)).contains("{\"email\":\"jörg@example.com\"}");
        assertThat(UserKey.generate(userId).open(sealed)).isEmpty();
        assertThat(key.open("no JWE")).isEmpty();
    }

    /** Else each would be left to the library, at several times the cost. */
    @Test
    void whatIsSealedHereIsKnownByItsHeader() {
        String sealed = key.seal("text");
        assertThat(OwnJwe.parse(sealed.substring(0, sealed.indexOf('.')), sealed))
                .isNotNull();
        assertThat(key.encodedHeader()).isEqualTo(sealed.substring(0, sealed.indexOf('.')));
    }

    /** By a library, or another version of this one: the same members in another order, or more of them. */
    @Test
    void whatOthersHaveSealedWithTheKeyIsOpenedToo() throws JOSEException {
        JWEHeader header = new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                .customParam("extra", 1)
                .build();
        JWEObject jwe = new JWEObject(header, new Payload("text"));
        jwe.encrypt(new DirectEncrypter(key.bytes()));
        assertThat(key.open(jwe.serialize())).contains("text");
    }

    @Test
    void aSealIsOpenedOnlyAsAWhole() {
        String sealed = key.seal("text");
        String[] parts = sealed.split("\\.", -1);
        for (int i = 2; i < parts.length; i++) {
            String[] changed = parts.clone();
            changed[i] = (parts[i].charAt(0) == 'A' ? 'B' : 'A') + parts[i].substring(1);
            assertThat(key.open(String.join(".", changed))).as("part " + i).isEmpty();
        }
        assertThat(key.open(parts[0] + ".AAAA." + parts[2] + "." + parts[3] + "." + parts[4]))
                .isEmpty();
        assertThat(key.open(sealed + ".")).isEmpty();
        assertThat(key.open(parts[0] + "....")).isEmpty();
        assertThat(key.open(parts[0])).isEmpty();
    }

    @Test
    void aSealNamesItsUserAndItsAlgorithmsAndIsNeverTheSameTwice() {
        String sealed = key.seal("text");
        String header = new String(
                Base64.getUrlDecoder().decode(sealed.substring(0, sealed.indexOf('.'))), StandardCharsets.UTF_8);
        assertThat(header).contains("\"alg\":\"dir\"", "\"enc\":\"A256GCM\"", "\"kid\":\"" + userId + "\"");
        assertThat(sealed).matches("[A-Za-z0-9._-]+").isNotEqualTo(key.seal("text"));
    }

    @Test
    void aWrappedKeyComesBackForItsUserAndWithItsMasterKeyOnly() {
        MasterKeys masters = new MasterKeys(MASTER, null);
        String wrapped = masters.wrap(key);
        assertThat(masters.unwrap(userId, wrapped).orElseThrow().open(key.seal("text")))
                .contains("text");
        assertThat(masters.unwrap(UUID.randomUUID().toString(), wrapped)).isEmpty();
        assertThat(new MasterKeys(ANOTHER, null).unwrap(userId, wrapped)).isEmpty();
    }

    @Test
    void whileTheMasterKeyIsReplacedBothUnwrapAndTheNewOneWraps() {
        String before = new MasterKeys(MASTER, null).wrap(key);
        MasterKeys both = new MasterKeys(ANOTHER, MASTER);
        assertThat(both.unwrap(userId, before)).isPresent();
        assertThat(new MasterKeys(ANOTHER, null).unwrap(userId, both.wrap(key))).isPresent();
        assertThat(ANOTHER.id())
                .isNotEqualTo(MASTER.id())
                .isEqualTo(master("11").id());
    }

    @Test
    void keysPrintNothing() {
        assertThat(key + " " + MASTER + " " + new MasterKeys(MASTER, ANOTHER)).isEqualTo("*** *** ***");
    }

    private static MasterKey master(String octet) {
        return MasterKey.parse(octet.repeat(32)).orElseThrow();
    }
}
