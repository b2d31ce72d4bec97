package io.userstore.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TreeHeadTest {
    private static final Hash ROOT = Hash.ofLeaf("x".getBytes(StandardCharsets.UTF_8));
    private static final Instant TIME = Instant.parse("2026-01-04T23:48:34.288Z");

    @Test
    void aHeadIsBelievedWithThePublicKeyAloneAndNoPartOfItCanBeChanged() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(TreeHead.text("log", 7, TIME, ROOT, 12).getBytes(StandardCharsets.UTF_8));
        String signed = Base64.getEncoder().encodeToString(signature.sign());

        assertThat(new TreeHead("log", 7, TIME, ROOT, 12, "k", signed).isSignedBy(pair.getPublic()))
                .isTrue();
        assertThat(new TreeHead("log", 7, TIME, ROOT, 12, "k", signed).isSignedBy(other.getPublic()))
                .isFalse();
        assertThat(new TreeHead("gol", 7, TIME, ROOT, 12, "k", signed).isSignedBy(pair.getPublic()))
                .isFalse();
        assertThat(new TreeHead("log", 8, TIME, ROOT, 12, "k", signed).isSignedBy(pair.getPublic()))
                .isFalse();
        assertThat(new TreeHead("log", 7, TIME.plusMillis(1), ROOT, 12, "k", signed).isSignedBy(pair.getPublic()))
                .isFalse();
        assertThat(new TreeHead("log", 7, TIME, Hash.ofNothing(), 12, "k", signed).isSignedBy(pair.getPublic()))
                .isFalse();
        assertThat(new TreeHead("log", 7, TIME, ROOT, 13, "k", signed).isSignedBy(pair.getPublic()))
                .isFalse();
        assertThat(new TreeHead("log", 7, TIME, ROOT, 12, "k", "?").isSignedBy(pair.getPublic()))
                .isFalse();
    }

    /** The key of the documentation of Go's package note, and the name and the number that it gives to it. */
    @Test
    void aKeyIsNamedAsSignedNotesNameIt() {
        String known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        byte[] key = Base64.getDecoder().decode(known.substring(known.lastIndexOf('+') + 1));
        assertThat(TreeHead.verifierKey("PeterNeumann", Arrays.copyOfRange(key, 1, 33)))
                .isEqualTo(known);
    }

    @Test
    void aCheckpointIsTheSignedTextAndALineWithTheSignature() {
        String signature = Base64.getEncoder().encodeToString(new byte[64]);
        TreeHead head = new TreeHead("log", 7, TIME, ROOT, 12, "k", signature);
        assertThat(head.checkpoint(new byte[32]).lines())
                .startsWith("log", "7", ROOT.base64(), "time 1767570514288", "last-position 12", "")
                .hasSize(7)
                .last()
                .asString()
                .startsWith("— log ");
    }

    /** Nobody may ever change what this hashes: all proofs that were given out would be void. */
    @Test
    void theLeafOfARecordIsWhatTheContractSays() {
        Map<String, byte[]> headers = Map.of(
                "ce_id", "1".getBytes(StandardCharsets.UTF_8),
                "ce_type", "t".getBytes(StandardCharsets.UTF_8),
                "ce_source", "/s".getBytes(StandardCharsets.UTF_8),
                "ce_subject", "u".getBytes(StandardCharsets.UTF_8),
                "ce_time", "T".getBytes(StandardCharsets.UTF_8));
        byte[] data = ("userstore-event-v1\n\0\0\0\0011\0\0\0\001t\0\0\0\002/s\0\0\0\001u\0\0\0\001T\0\0\0\002{}")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(EventLeaf.hash(headers::get, "{}".getBytes(StandardCharsets.UTF_8)))
                .contains(Hash.ofLeaf(data));
        assertThat(EventLeaf.hash(headers::get, null)).isEmpty();
        assertThat(EventLeaf.hash(name -> null, new byte[0])).isEmpty();
    }
}
