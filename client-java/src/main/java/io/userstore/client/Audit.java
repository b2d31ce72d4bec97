package io.userstore.client;

import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.api.audit.Verification;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has it proved that the history has not been changed; needs a key with the permission {@code admin}. A proof is worth
 * something to who has kept the public key and a head from before. Thread-safe.
 */
public final class Audit {
    private final Transport transport;

    Audit(Transport transport) {
        this.transport = transport;
    }

    /**
     * The key that heads are signed with.
     *
     * @param pem as {@code openssl} reads it
     * @param verifierKey as tools that read signed notes take it
     */
    public record Key(String kid, String pem, String origin, String verifierKey) {
        /** The key, for {@link TreeHead#isSignedBy}. */
        public PublicKey publicKey() {
            String base64 = pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----|\\s", "");
            try {
                return KeyFactory.getInstance("Ed25519")
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the service tells no Ed25519 key", e);
            }
        }
    }

    /** Where an event stands in a tree, and the path that proves it. */
    public record Inclusion(
            String event, long position, long leafIndex, Hash leafHash, long treeSize, Hash rootHash, List<Hash> path) {
        public Inclusion {
            path = List.copyOf(path);
        }

        /** @param leaf of the event's record, see {@link io.userstore.api.audit.EventLeaf} */
        public boolean proves(Hash leaf, TreeHead head) {
            return treeSize == head.treeSize()
                    && Verification.isIncluded(leaf, leafIndex, treeSize, path, head.rootHash());
        }
    }

    /** The path that proves that one tree is the beginning of another. */
    public record Consistency(long first, Hash firstRoot, long second, Hash secondRoot, List<Hash> path) {
        public Consistency {
            path = List.copyOf(path);
        }

        public boolean proves(TreeHead earlier, TreeHead later) {
            return first == earlier.treeSize()
                    && second == later.treeSize()
                    && Verification.isConsistent(first, earlier.rootHash(), second, later.rootHash(), path);
        }
    }

    /** The public key; to be kept from when the service is trusted. */
    public Key key() {
        return transport.read(Request.get("audit", "key"), ReadOptions.DEFAULT, Key.class);
    }

    /** The last signed head. */
    public TreeHead head() {
        return transport.read(Request.get("audit", "head"), ReadOptions.DEFAULT, TreeHead.class);
    }

    /**
     * Proves that an event is in the log.
     *
     * @param eventId {@code ce_id} of its record
     * @param in null for the last head
     */
    public Inclusion inclusion(String eventId, @Nullable TreeHead in) {
        Request request = Request.get("audit", "proofs", "inclusion")
                .with("event", eventId)
                .with("tree_size", in == null ? null : in.treeSize());
        return transport.read(request, ReadOptions.DEFAULT, Inclusion.class);
    }

    /** Proves that the tree of the earlier head is the beginning of that of the later. */
    public Consistency consistency(TreeHead earlier, TreeHead later) {
        Request request = Request.get("audit", "proofs", "consistency")
                .with("first", earlier.treeSize())
                .with("second", later.treeSize());
        return transport.read(request, ReadOptions.DEFAULT, Consistency.class);
    }
}
